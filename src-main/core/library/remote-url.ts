import { isIPv4, isIPv6 } from 'node:net';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../src-contract/app-error.ts';
import type { Credentials } from './remote-access.ts';

/** A checked place of a repository. `url` is what is stored and shown: it has no secret. */
export type Remote =
  | { readonly kind: 'http'; readonly url: string; readonly credentials: Credentials | null }
  | SshRemote
  | { readonly kind: 'local'; readonly url: string; readonly path: string };

/** A repository behind SSH. `parseRemote(url)` gives the same again. */
export interface SshRemote {
  readonly kind: 'ssh';
  readonly url: string;
  /** Null where the address names none: who this person is on this machine. */
  readonly user: string | null;
  /** Lower case; an IPv6 address without brackets. */
  readonly host: string;
  /** Null where the address names none: 22, or what the ssh program is told by its configuration. */
  readonly port: number | null;
  /** As the server gets it: absolute, `~…`, or relative to the account's home. */
  readonly path: string;
}

/** Also what a terminal would act on: line ends, escapes, bidirectional overrides. */
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
/** `user@host:path` or `host.name:path`, the short form of SSH; a bare word before the colon is a scheme or a drive. */
const SCP_LIKE =
  /^(?:(?<user>[^/\\@:]+)@(?<host>[^/\\@:[\]]+|\[[^\]@/]+\])|(?<bare>[^/\\@:]+\.[^/\\@:]+)):(?!\/\/)(?<path>.+)$/;
/** Nothing that a shell or ssh would take for anything but a name; never an option. */
const SSH_USER = /^(?!-)[\p{L}\p{N}._+@-]{1,100}$/u;
const SSH_HOST = /^(?![-.])[a-z0-9_.-]{1,253}$/;
/** Longest address: no file system and no forge takes longer paths. */
const MAX_URL_CHARS = 4_096;
/** What SSH servers listen on. */
export const SSH_PORT = 22;

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
  if (text.length > MAX_URL_CHARS || /^[a-z0-9+.-]+::/i.test(text)) throw badUrl();
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
      return sshOfUrl(url);
    case 'file:':
      return local(pathOf(url));
    default:
      return sshOfShortForm(text);
  }
}

function sshOfUrl(url: URL): SshRemote {
  if (url.password !== '') throw passwordInUrl();
  if (url.search !== '' || url.hash !== '') throw badUrl();
  const path = decoded(url.pathname);
  return ssh(
    url.username === '' ? null : decoded(url.username),
    decoded(url.hostname),
    url.port === '' ? null : Number(url.port),
    // "/~ada/x" is the way to write a path that begins in a home.
    path.startsWith('/~') ? path.slice(1) : path,
  );
}

function sshOfShortForm(text: string): SshRemote {
  const { user, host, bare, path } = SCP_LIKE.exec(text)?.groups ?? {};
  const name = host ?? bare;
  if (name === undefined || path === undefined) throw badUrl();
  return ssh(user ?? null, name, null, path);
}

function ssh(user: string | null, name: string, port: number | null, path: string): SshRemote {
  const host = name.toLowerCase().replaceAll(/^\[|\]$/g, '');
  const isHost = SSH_HOST.test(host) || isIPv6(host);
  if ((user !== null && !SSH_USER.test(user)) || !isHost || port === 0) throw badUrl();
  const clean = path.replace(/(?<=[^/])\/+$/, '');
  if (clean.startsWith('-') || UNPRINTABLE.test(clean) || /^\/*$/.test(clean)) throw badUrl();
  // An address of the long form can't hold these, and no repository needs them.
  if (/(?:^|\/)\.\.?(?:\/|$)/.test(clean)) throw badUrl();
  const shown = isIPv6(host) ? `[${host}]` : host;
  const account = user === null ? '' : `${user}@`;
  const short = `${account}${shown}:${clean}`;
  // A path relative to the home has the short form only; with a port it can't be written.
  const isRelative = !clean.startsWith('/') && !clean.startsWith('~');
  if (isRelative && (port !== null || !SCP_LIKE.test(short))) throw badUrl();
  const url = isRelative ? short : longForm(user, shown, port, clean);
  return { kind: 'ssh', url, user, host, port, path: clean };
}

function longForm(user: string | null, host: string, port: number | null, path: string): string {
  const account = user === null ? '' : `${encodeURIComponent(user)}@`;
  const at = path.split('/').map(encodeURIComponent).join('/').replaceAll('%7E', '~');
  return `ssh://${account}${host}${port === null ? '' : `:${port}`}${at.startsWith('/') ? '' : '/'}${at}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    throw badUrl(error);
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
    remedy:
      'Use an https address, user@host:path or ssh://…, file:///…, or the whole path of a folder on this machine.',
    cause,
  });
}

function passwordInUrl(): AppError {
  return new AppError('library/password-in-url', 'SSH takes no password from an address.', {
    remedy: 'Leave the password out. Use a key: the agent, a key file, or the usual one in ~/.ssh.',
  });
}

function insecure(host: string): AppError {
  return new AppError(
    'library/insecure-url',
    `Plain http to ${host} could be read and changed on the way.`,
    { remedy: 'Use its https address. Plain http is for servers on this machine only.' },
  );
}
