import { isIPv4 } from 'node:net';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../src-contract/app-error.ts';
import type { Credentials } from './remote-access.ts';
import { sshOfShortForm, sshOfUrl, UNPRINTABLE, type SshRemote } from './ssh/ssh-address.ts';

export { SSH_PORT, type SshRemote } from './ssh/ssh-address.ts';

/** A checked place of a repository. `url` is what is stored and shown: it has no secret. */
export type Remote =
  | { readonly kind: 'http'; readonly url: string; readonly credentials: Credentials | null }
  | SshRemote
  | { readonly kind: 'local'; readonly url: string; readonly path: string };

/** Longest address: no file system and no forge takes longer paths. */
const MAX_URL_CHARS = 4_096;

/**
 * Checks what a person typed as a remote: https, http on this machine, SSH in both of its forms,
 * `file://` or an absolute path.
 *
 * Errors: `library/insecure-url` (plain http to another machine); `library/password-in-url` (an SSH
 * address with a password); `library/bad-url` (anything else).
 */
export function parseRemote(input: string): Remote {
  const text = input.trim();
  if (text === '' || text.startsWith('-') || UNPRINTABLE.test(text)) throw badUrl();
  if (text.length > MAX_URL_CHARS || !text.isWellFormed() || /^[a-z0-9+.-]+::/i.test(text))
    throw badUrl();
  if (isAbsolute(text)) return local(text);
  const url = URL.canParse(text) ? new URL(text) : null;
  switch (url?.protocol) {
    case 'https:':
      return http(url);
    case 'http:':
      if (!isLoopback(url.hostname)) throw insecure(url.hostname);
      return http(url);
    case 'ssh:':
    case 'git+ssh:':
    case 'ssh+git:':
      return sshOfUrl(url) ?? bad();
    case 'file:':
      return local(pathOf(url));
    default:
      return sshOfShortForm(text) ?? bad();
  }
}

/** Whether a host name of a URL can only be this machine. */
export function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname === '[::1]') return true;
  return isIPv4(hostname) && hostname.startsWith('127.');
}

function http(url: URL): Remote {
  if (url.search !== '' || url.hash !== '') throw badUrl();
  const clean = new URL(url);
  clean.username = '';
  clean.password = '';
  return { kind: 'http', url: clean.href.replace(/\/+$/, ''), credentials: credentialsOf(url) };
}

function credentialsOf({ username, password }: URL): Credentials | null {
  if (username === '' && password === '') return null;
  try {
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch (error) {
    // Without the cause: it may name the secret.
    if (error instanceof URIError) throw badUrl();
    throw error;
  }
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

function bad(): never {
  throw badUrl();
}

function badUrl(cause?: unknown): AppError {
  return new AppError('library/bad-url', 'This is not the address of a Git repository.', {
    remedy:
      'Use an https address, user@host:path or ssh://…, file:///…, or the whole path of a folder on this machine.',
    cause,
  });
}

function insecure(host: string): AppError {
  return new AppError(
    'library/insecure-url',
    `Plain http to ${host} could be read and changed on the way.`,
    { remedy: 'Use its https address. Plain http is for servers on this machine only.' },
  );
}
