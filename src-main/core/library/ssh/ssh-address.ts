import { isIPv6 } from 'node:net';
import { AppError } from '../../../../src-contract/app-error.ts';

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
export const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
/** `user@host:path` or `host.name:path`, the short form of SSH; a bare word before the colon is a scheme or a drive. */
const SCP_LIKE =
  /^(?:(?<user>[^/\\@:]+)@(?<host>[^/\\@:[\]]+|\[[^\]@/]+\])|(?<bare>[^/\\@:]+\.[^/\\@:]+)):(?!\/\/)(?<path>.+)$/;
/** Nothing that a shell or ssh would take for anything but a name; never an option. */
const SSH_USER = /^(?!-)[\p{L}\p{N}._+@-]{1,100}$/u;
const SSH_HOST = /^(?![-.])[a-z0-9_.-]{1,253}$/;
/** What SSH servers listen on. */
export const SSH_PORT = 22;

/** The long form, `ssh://…`; null where it isn't one. Errors: `library/password-in-url`. */
export function sshOfUrl(url: URL): SshRemote | null {
  if (url.password !== '') throw passwordInUrl();
  if (url.search !== '' || url.hash !== '') return null;
  try {
    const path = decodeURIComponent(url.pathname);
    return ssh(
      url.username === '' ? null : decodeURIComponent(url.username),
      decodeURIComponent(url.hostname),
      url.port === '' ? null : Number(url.port),
      // "/~ada/x" is the way to write a path that begins in a home.
      path.startsWith('/~') ? path.slice(1) : path,
    );
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** The short form, `user@host:path`; null where it isn't one. */
export function sshOfShortForm(text: string): SshRemote | null {
  const { user, host, bare, path } = SCP_LIKE.exec(text)?.groups ?? {};
  const name = host ?? bare;
  if (name === undefined || path === undefined) return null;
  return ssh(user ?? null, name, null, path);
}

function ssh(
  user: string | null,
  name: string,
  port: number | null,
  path: string,
): SshRemote | null {
  const host = name.toLowerCase().replaceAll(/^\[|\]$/g, '');
  const isHost = SSH_HOST.test(host) || isIPv6(host);
  if ((user !== null && !SSH_USER.test(user)) || !isHost || port === 0) return null;
  const clean = path.replace(/(?<=[^/])\/+$/, '');
  if (clean.startsWith('-') || UNPRINTABLE.test(clean) || /^\/*$/.test(clean)) return null;
  // An address of the long form can't hold these, and no repository needs them.
  if (/(?:^|\/)\.\.?(?:\/|$)/.test(clean)) return null;
  const shown = isIPv6(host) ? `[${host}]` : host;
  const account = user === null ? '' : `${user}@`;
  const short = `${account}${shown}:${clean}`;
  // A path relative to the home has the short form only; with a port it can't be written.
  const isRelative = !clean.startsWith('/') && !clean.startsWith('~');
  if (isRelative && (port !== null || !SCP_LIKE.test(short))) return null;
  const url = isRelative ? short : longForm(user, shown, port, clean);
  return { kind: 'ssh', url, user, host, port, path: clean };
}

function longForm(user: string | null, host: string, port: number | null, path: string): string {
  const account = user === null ? '' : `${encodeURIComponent(user)}@`;
  const at = path.split('/').map(encodeURIComponent).join('/').replaceAll('%7E', '~');
  return `ssh://${account}${host}${port === null ? '' : `:${port}`}${at.startsWith('/') ? '' : '/'}${at}`;
}

function passwordInUrl(): AppError {
  return new AppError('library/password-in-url', 'SSH takes no password from an address.', {
    remedy: 'Leave the password out. Use a key: the agent, a key file, or the usual one in ~/.ssh.',
  });
}
