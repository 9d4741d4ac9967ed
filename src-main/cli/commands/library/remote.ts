import type { Command } from 'commander';
import { AppError } from '../../../../src-contract/app-error.ts';
import type { LibraryAccess } from '../../../../src-contract/library.ts';
import { action, fromWhereThePersonStands, type CommandContext } from '../../context.ts';
import { remoteOf } from '../../remote-of.ts';
import type { Session } from '../../session.ts';
import { readSecret } from '../../stdin.ts';
import { short } from './answer.ts';

interface SetOptions {
  readonly user?: string;
  readonly key?: string;
  readonly agent?: boolean;
  readonly systemSsh?: boolean;
  readonly secretStdin?: boolean;
  readonly none?: boolean;
}

const SSH_PORT = 22;
const EXAMPLE = 'carrel library access set URL --user NAME --secret-stdin < token.txt';

/** `remote`, `access set`, `access show`, `trust`. */
export function libraryRemoteCommands(group: Command): void {
  group
    .command('remote [url]')
    .description('give it another remote; without one, show it')
    .action(action(remote));
  const access = group.command('access').description('how remotes are entered');
  access
    .command('set [url]')
    .description('keep it in the vault, for the host of the address; of this library without one')
    .option('--user <name>', 'user name for https; the token or password with --secret-stdin')
    .option('--key <file>', 'private key for SSH; its passphrase with --secret-stdin')
    .option('--agent', "SSH by the agent and this account's own keys")
    .option('--system-ssh', 'SSH by the ssh program of this machine')
    .option('--secret-stdin', 'read the token, password or passphrase from standard input')
    .option('--none', 'forget what was kept')
    .action(action(setAccess));
  access
    .command('show [url]')
    .description('how a remote is entered; secrets are never shown')
    .action(action(showAccess));
  group
    .command('trust <host> <fingerprint>')
    .description('confirm the key of an SSH host by its fingerprint (SHA256:…)')
    .option('--port <number>', 'where it listens', String(SSH_PORT))
    .action(action(trust));
}

async function remote({ session, out }: CommandContext, given: string | undefined): Promise<void> {
  const engine = await session();
  const told =
    given === undefined
      ? await engine.call('library.status', {})
      : await engine.call('library.setRemote', { url: remoteOf(given) });
  await engine.settled();
  out.result({ url: told.url, version: told.version }, () => [
    told.url === null
      ? 'No remote: carrel library remote URL'
      : `${told.url}, version ${short(told.version)}`,
  ]);
}

async function setAccess(
  context: CommandContext,
  given: string | undefined,
  options: SetOptions,
): Promise<void> {
  const access = await accessOf(options);
  const engine = await context.session();
  const url = await urlOf(engine, given);
  await engine.call('library.setAccess', { url, access });
  await tell(context, url);
}

async function showAccess(context: CommandContext, given: string | undefined): Promise<void> {
  const engine = await context.session();
  await tell(context, await urlOf(engine, given));
}

async function tell({ session, out }: CommandContext, url: string): Promise<void> {
  const engine = await session();
  const access = await engine.call('library.access', { url });
  const { kind, username, keyFile, program, hasSecret } = access;
  out.result({ access }, () => [
    kind === 'none'
      ? 'Nothing is kept.'
      : [
          kind,
          username === null ? '' : `user ${username}`,
          kind === 'ssh' ? (keyFile ?? 'agent and the usual keys') : '',
          program === 'system' ? 'ssh program of this machine' : '',
          hasSecret ? 'a secret is kept' : 'no secret',
        ]
          .filter((part) => part !== '')
          .join(', '),
  ]);
}

async function trust(
  { session, out }: CommandContext,
  host: string,
  fingerprint: string,
  { port }: { port: string },
): Promise<void> {
  const engine = await session();
  await engine.call('library.trustHost', { host, port: Number(port), fingerprint });
  out.result({ host, port: Number(port), fingerprint }, () => [`${host} is known from now on.`]);
}

async function accessOf(options: SetOptions): Promise<LibraryAccess> {
  const { user, key, agent, systemSsh, none } = options;
  const isSsh = key !== undefined || agent === true || systemSsh === true;
  const ways = [user !== undefined, isSsh, none === true].filter(Boolean);
  if (ways.length !== 1) throw oneWay();
  if (none) return { kind: 'none' };
  const secret = options.secretStdin ? await readSecret(EXAMPLE) : null;
  if (user !== undefined) {
    if (secret === null) throw noSecret();
    return { kind: 'password', username: user, password: secret };
  }
  return {
    kind: 'ssh',
    keyFile: key === undefined ? null : fromWhereThePersonStands(key),
    passphrase: secret,
    program: systemSsh ? 'system' : 'built-in',
  };
}

async function urlOf(engine: Session, given: string | undefined): Promise<string> {
  if (given !== undefined) return remoteOf(given);
  const { url } = await engine.call('library.status', {});
  if (url !== null) return url;
  throw new AppError('usage/no-address', 'This library has no remote.', {
    remedy: 'Give the address: carrel library access show URL',
  });
}

function oneWay(): AppError {
  return new AppError('usage/invalid', 'Say in one way how the remote is entered.', {
    remedy: 'Give --user NAME --secret-stdin, --key FILE, --agent, --system-ssh or --none.',
  });
}

function noSecret(): AppError {
  return new AppError('usage/no-key', 'A user name needs a token or password.', {
    remedy: `Pipe it in: ${EXAMPLE}. It is kept in the vault.`,
  });
}
