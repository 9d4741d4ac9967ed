import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import type { SshAccess } from '../../src-main/core/library/remote-access.ts';

export type KeyType = 'ed25519' | 'rsa' | 'ecdsa';

export interface Sshd {
  readonly port: number;
  readonly user: string;
  /** Folder of a person whose key is let in: `id_ed25519`, a `known_hosts` with this server. */
  readonly home: string;
  /** Address of a repository: `ssh://user@127.0.0.1:port/path`. */
  url(path: string, port?: number): string;
  /** Access with that person's key and known hosts. */
  access(given?: Partial<SshAccess>): SshAccess;
  /** Lets one more public key in. `options` as in authorized_keys(5). */
  authorize(publicKey: string, options?: string): void;
  /** Writes down that another port (a proxy's) is this server, too. */
  knowAlso(port: number): void;
  /** `type base64` of the server's own key. */
  hostKey(type?: KeyType): string;
  readonly log: () => string;
  close(): Promise<void>;
}

/** A key pair made by ssh-keygen; returns the path of the private one. */
export function makeKey(
  path: string,
  options: { type?: KeyType; passphrase?: string; pem?: boolean } = {},
): string {
  const { type = 'ed25519', passphrase = '', pem = false } = options;
  const size = type === 'rsa' ? ['-b', '2048'] : [];
  const form = pem ? ['-m', 'PEM'] : [];
  const args = ['-q', '-t', type, ...size, ...form, '-N', passphrase, '-C', 'test', '-f', path];
  execFileSync('ssh-keygen', args);
  return path;
}

/** sshd is not on everybody's PATH. */
function sshdProgram(): string {
  return (
    ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/opt/homebrew/sbin/sshd'].find(existsSync) ?? 'sshd'
  );
}

/**
 * A real sshd on a loopback port, as the current user, with keys of its own. `root` is a folder that
 * the caller removes. `hostKeys`: which it shows (all by default); `config`: more lines for it.
 */
export async function startSshd(
  root: string,
  options: { hostKeys?: readonly KeyType[]; config?: readonly string[] } = {},
): Promise<Sshd> {
  const dir = join(root, 'sshd');
  const home = join(root, 'ssh-home');
  mkdirSync(dir, { mode: 0o700 });
  mkdirSync(home, { mode: 0o700, recursive: true });
  const hostKeys = options.hostKeys ?? ['ed25519'];
  for (const type of hostKeys) makeKey(join(dir, `host_${type}`), { type });
  const own = join(home, 'id_ed25519');
  if (!existsSync(own)) makeKey(own);
  const authorized = join(dir, 'authorized_keys');
  writeFileSync(authorized, readFileSync(`${own}.pub`), { mode: 0o600 });
  const port = await freePort();
  const config = join(dir, 'sshd_config');
  writeFileSync(
    config,
    [
      ...hostKeys.map((type) => `HostKey ${join(dir, `host_${type}`)}`),
      `AuthorizedKeysFile ${authorized}`,
      `PidFile ${join(dir, 'pid')}`,
      'ListenAddress 127.0.0.1',
      'StrictModes no',
      'UsePAM no',
      'PermitRootLogin yes',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'MaxStartups 200',
      'SetEnv GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1',
      ...(options.config ?? []),
      '',
    ].join('\n'),
  );
  // As root sshd wants the folder that its service would make.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const child = spawn(sshdProgram(), ['-D', '-e', '-f', config, '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  await listening(child, () => log);
  const user = userInfo().username;
  const hostKey = (type: KeyType = hostKeys[0] ?? 'ed25519'): string =>
    readFileSync(join(dir, `host_${type}.pub`), 'utf8')
      .split(' ')
      .slice(0, 2)
      .join(' ');
  writeFileSync(
    join(home, 'known_hosts'),
    hostKeys.map((type) => `[127.0.0.1]:${port} ${hostKey(type)}\n`).join(''),
  );
  return {
    port,
    user,
    home,
    url: (path, through = port) => `ssh://${user}@127.0.0.1:${through}${path}`,
    access: (given = {}) => ({
      program: 'built-in',
      keyFile: null,
      passphrase: null,
      agent: null,
      userDir: home,
      knownHosts: join(root, 'carrel-known-hosts'),
      ...given,
    }),
    authorize: (publicKey, limits) => {
      const line = `${limits === undefined ? '' : `${limits} `}${publicKey.trim()}\n`;
      writeFileSync(authorized, readFileSync(authorized, 'utf8') + line);
    },
    knowAlso: (through) => {
      const lines = hostKeys.map((type) => `[127.0.0.1]:${through} ${hostKey(type)}\n`);
      appendFileSync(join(home, 'known_hosts'), lines.join(''));
    },
    hostKey,
    log: () => log,
    close: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

function listening(child: ChildProcess, log: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (log().includes('Server listening on 127.0.0.1')) resolve();
    };
    child.stderr?.on('data', look);
    child.once('error', (error) =>
      reject(new Error('sshd is needed for this test (Debian: openssh-server)', { cause: error })),
    );
    child.once('exit', (code) => reject(new Error(`sshd ended with ${code}: ${log()}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A real ssh-agent with these keys. */
export async function startAgent(
  socket: string,
  ...keys: readonly string[]
): Promise<{ close: () => void }> {
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('error', reject);
  });
  for (const key of keys) {
    execFileSync('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  }
  return { close: () => void child.kill() };
}

/**
 * A PATH on which the real ssh program has the configuration of a person of this server, not of this
 * machine.
 */
export function sshProgram(server: Sshd, root: string): string {
  const bin = join(root, 'bin');
  mkdirSync(bin);
  const config = join(root, 'ssh_config');
  const lines = ['GlobalKnownHostsFile /dev/null', 'IdentityAgent none', 'IdentitiesOnly yes'];
  lines.push(`UserKnownHostsFile ${server.home}/known_hosts`);
  lines.push(`IdentityFile ${server.home}/id_ed25519`);
  writeFileSync(config, lines.join('\n'));
  const real = ['/usr/bin/ssh', '/usr/local/bin/ssh', '/opt/homebrew/bin/ssh'].join(' ');
  writeFileSync(
    join(bin, 'ssh'),
    `#!/bin/sh\nfor ssh in ${real}; do [ -x $ssh ] && exec $ssh -F ${config} "$@"; done\nexit 126\n`,
  );
  chmodSync(join(bin, 'ssh'), 0o755);
  return `${bin}${delimiter}${process.env['PATH'] ?? ''}`;
}

export interface Proxy {
  readonly port: number;
  /** Bytes that were counted, all connections together. */
  readonly bytes: () => number;
  /** Ends the connections that are kept, so that the next begins with a limit of its own. */
  drop(): void;
  close(): void;
}

/**
 * A TCP proxy in front of a port that cuts each connection hard after so many bytes: `afterBytes()` is
 * asked for each connection, Infinity lets it be. Counted are the bytes that come from the server, or
 * with `of: 'client'` those that go to it. With `mode: 'stall'` it goes silent instead.
 */
export async function cuttingProxy(
  port: number,
  afterBytes: () => number,
  mode: 'cut' | 'stall' = 'cut',
  of: 'server' | 'client' = 'server',
): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let bytes = 0;
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((near) => {
    const limit = afterBytes();
    let passed = 0;
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      // A cut connection is what this is for.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    const [from, to] = of === 'server' ? [far, near] : [near, far];
    to.pipe(from);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    const cut = (): void => {
      near.resetAndDestroy();
      far.resetAndDestroy();
    };
    from.on('data', (part) => {
      const through = part.subarray(0, Math.max(0, limit - passed));
      passed += through.length;
      bytes += through.length;
      const isOver = passed >= limit && mode === 'cut';
      if (through.length > 0) to.write(through, () => isOver && cut());
      else if (isOver) cut();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    bytes: () => bytes,
    drop,
    close: () => {
      drop();
      server.close();
    },
  };
}
