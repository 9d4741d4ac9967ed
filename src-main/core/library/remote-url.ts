import { isIPv4 } from 'node:net';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../src-contract/app-error.ts';
import type { Credentials } from './remote-access.ts';

/** A checked place of a repository. `url` is what is stored and shown: it has no credentials. */
export type Remote =
  | { readonly kind: 'http'; readonly url: string; readonly credentials: Credentials | null }
  | { readonly kind: 'local'; readonly url: string; readonly path: string };

/** Also what a terminal would act on: line ends, escapes, bidirectional overrides. */
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
/** `user@host:path` or `host.name:path`, the short form of SSH; a bare word before the colon is a scheme or a drive. */
const SCP_LIKE = /^(?:[^/\\@:]+@[^/\\:]+|[^/\\@:]+\.[^/\\@:]+):(?!\/\/)/;

/**
 * Checks what a person typed as a remote: https, http on this machine, `file://` or an absolute path.
 *
 * Errors: `library/ssh-not-yet`; `library/insecure-url` (plain http to another machine);
 * `library/bad-url` (anything else).
 */
export function parseRemote(input: string): Remote {
  const text = input.trim();
  if (text === '' || text.startsWith('-') || UNPRINTABLE.test(text)) throw badUrl();
  if (/^[a-z0-9+.-]+::/i.test(text)) throw badUrl();
  if (isAbsolute(text)) return local(text);
  if (/^(?:git\+)?ssh:/i.test(text) || /^ssh\+git:/i.test(text)) throw sshNotYet();
  const url = URL.canParse(text) ? new URL(text) : null;
  switch (url?.protocol) {
    case 'https:':
      return http(url);
    case 'http:':
      if (!isLoopback(url.hostname)) throw insecure(url.hostname);
      return http(url);
    case 'file:':
      return local(pathOf(url));
    default:
      throw SCP_LIKE.test(text) ? sshNotYet() : badUrl();
  }
}

/** Whether a host name of a URL can only be this machine. */
export function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname === '[::1]') return true;
  return isIPv4(hostname) && hostname.startsWith('127.');
}

function http(url: URL): Remote {
  if (url.search !== '' || url.hash !== '') throw badUrl();
  const credentials =
    url.username === '' && url.password === ''
      ? null
      : {
          username: decodeURIComponent(url.username),
          password: decodeURIComponent(url.password),
        };
  const clean = new URL(url);
  clean.username = '';
  clean.password = '';
  return { kind: 'http', url: clean.href.replace(/\/+$/, ''), credentials };
}

function local(path: string): Remote {
  const at = resolve(path);
  return { kind: 'local', url: at, path: at };
}

function pathOf(url: URL): string {
  if (url.search !== '' || url.hash !== '' || url.hostname !== '') throw badUrl();
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw badUrl(error);
  }
}

function badUrl(cause?: unknown): AppError {
  return new AppError('library/bad-url', 'This is not the address of a Git repository.', {
    remedy: 'Use an https address, file:///…, or the whole path of a folder on this machine.',
    cause,
  });
}

function sshNotYet(): AppError {
  return new AppError('library/ssh-not-yet', 'Carrel does not speak SSH with remotes yet.', {
    remedy: 'Use the https address of the same repository, or a path.',
  });
}

function insecure(host: string): AppError {
  return new AppError(
    'library/insecure-url',
    `Plain http to ${host} could be read and changed on the way.`,
    { remedy: 'Use its https address. Plain http is for servers on this machine only.' },
  );
}
