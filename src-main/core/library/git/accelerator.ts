import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import { tooLarge } from '../errors.ts';
import { MAX_FETCH_BYTES, REMOTE_IDLE_MS } from '../limits.ts';
import type { RemoteAccess } from '../remote-access.ts';
import type { Remote } from '../remote-url.ts';
import type { RemoteTip } from './fetch-tip.ts';
import { nativeEnv } from './native-env.ts';
import type { ObjectStore, Oid } from './object-store.ts';
import { packDir } from './packs/place-pack.ts';
import type { TransportOptions } from './transports/transport.ts';

/** Between two looks at the pack that grows. */
const LOOK_MS = 100;

/** Brings a tip's objects by other means than our own. False where it can't: nothing has changed then. */
export type Accelerator = (
  store: ObjectStore,
  tip: RemoteTip,
  known: readonly Oid[],
) => Promise<boolean>;

/**
 * Fetches through native git where it is installed: into the private git directory, objects checked by
 * git itself (`fetch.fsckObjects`), no hook, no configuration of this machine, no credential helper, no
 * redirect, one protocol. What it brought is as untrusted as ever and is walked and verified the same.
 * Whatever goes wrong, our own fetch tries next and says what it was.
 *
 * Null where it does not apply: switched off, or SSH, which has its own rules for host keys. Errors:
 * `library/too-large`, the signal's own.
 */
export function openAccelerator(
  remote: Remote,
  access: RemoteAccess,
  options: TransportOptions,
): Accelerator | null {
  if (!access.accelerator || remote.kind === 'ssh') return null;
  const place = remote.kind === 'http' ? remote.url : remote.path;
  const protocol = remote.kind === 'http' ? new URL(remote.url).protocol.slice(0, -1) : 'file';
  const credentials = remote.kind === 'http' ? (access.credentials ?? remote.credentials) : null;
  const config = { ...FIXED, ...(credentials ? authorization(place, credentials) : {}) };
  return async (store, tip, known) => {
    const ref = `refs/remotes/origin/${tip.branch}`;
    const tips = known.map((oid) => `--negotiation-tip=${oid}`);
    const refspec = `${tip.oid}:${ref}`;
    const args = ['--git-dir', store.gitdir, 'fetch', ...FLAGS, ...tips, '--', place, refspec];
    try {
      const done = await run(store.gitdir, args, nativeEnv(process.env, config, protocol), options);
      store.forget();
      return done && store.has(tip.oid);
    } finally {
      for (const path of unfinished(store.gitdir)) rmSync(path, { force: true });
    }
  };
}

const FLAGS = [
  '--quiet',
  '--force',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-recurse-submodules',
  '--refmap=',
];

const FIXED: Readonly<Record<string, string>> = {
  'core.hooksPath': devNull,
  'core.askPass': '',
  'core.fsmonitor': 'false',
  'core.fsync': 'all',
  'credential.helper': '',
  'fetch.fsckObjects': 'true',
  // Always one pack, never hundreds of files.
  'fetch.unpackLimit': '1',
  'fetch.writeCommitGraph': 'false',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'http.followRedirects': 'false',
  'http.lowSpeedLimit': '1',
  'http.lowSpeedTime': String(REMOTE_IDLE_MS / 1000),
};

/** For this address only, and never in an argument. */
function authorization(
  url: string,
  { username, password }: { readonly username: string; readonly password: string },
): Record<string, string> {
  const pair = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
  return { [`http.${new URL(url).origin}/.extraHeader`]: `Authorization: Basic ${pair}` };
}

/** False where git is not there or did not succeed. */
function run(
  gitdir: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { signal, onBytes, maxBytes = MAX_FETCH_BYTES }: TransportOptions,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const ownGroup = process.platform !== 'win32';
    const child = spawn('git', args, {
      env,
      // A folder of our choice: Windows looks for programs in the current one first.
      cwd: dirname(process.execPath),
      stdio: 'ignore',
      windowsHide: true,
      detached: ownGroup,
    });
    let failure: unknown = null;
    /** With its helpers, which would go on without it. */
    const stop = (reason: unknown): void => {
      failure ??= reason;
      if (ownGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      else child.kill('SIGKILL');
    };
    const aborted = (): void => stop(signal.reason);
    signal.addEventListener('abort', aborted, { once: true });
    const looking = setInterval(() => {
      const bytes = incomingBytes(gitdir);
      onBytes(bytes);
      if (bytes > maxBytes) stop(tooLarge('bytes in one answer'));
    }, LOOK_MS);
    const ended = (finish: () => void): void => {
      clearInterval(looking);
      signal.removeEventListener('abort', aborted);
      finish();
    };
    child.on('error', () => ended(() => resolve(false)));
    child.on('close', (code) =>
      ended(() => (failure === null ? resolve(code === 0) : reject(toError(failure)))),
    );
  });
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('stopped', { cause: reason });
}

/** Files that git writes before it gives them their names, and its mark on a pack that it still works on. */
const UNFINISHED = /^(?:tmp_|\.tmp-)|\.keep$/;

function unfinished(gitdir: string): readonly string[] {
  const dir = packDir(gitdir);
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => UNFINISHED.test(name))
    .map((name) => join(dir, name));
}

function incomingBytes(gitdir: string): number {
  const sizes = unfinished(gitdir).map((path) => statSync(path, { throwIfNoEntry: false })?.size);
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}
