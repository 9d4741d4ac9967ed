import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

/** What changes a disk. Each call is a step before which a process may end. */
const WRITES = [
  'renameSync',
  'linkSync',
  'unlinkSync',
  'rmSync',
  'rmdirSync',
  'mkdirSync',
  'writeFileSync',
] as const;
/** What a process that has ended does no more, either. */
const READS = ['readFileSync', 'readdirSync', 'lstatSync', 'statSync', 'existsSync'] as const;

type Call = (...args: unknown[]) => unknown;

export interface MortalDisk {
  /** Steps so far. */
  readonly steps: number;
  readonly isDead: boolean;
  /** The disk is as it was left; a new process may use it. */
  revive(): Promise<void>;
}

/**
 * Ends all use of a folder at its n-th change, as the end of the process would: that change does not
 * happen (a write happens by half), and nothing after it, whatever the code tries. Everything outside
 * of the folder goes on. The first step is 1; Infinity only counts.
 */
export function dieAtStep(root: string, n: number): MortalDisk {
  const real = { ...fs } as unknown as Record<string, Call>;
  const patched = fs as unknown as Record<string, Call>;
  const promises = fs.promises as unknown as Record<string, Call>;
  const realOpen = fs.promises.open.bind(fs.promises);
  const ownFds = new Set<unknown>();
  const running = new Set<Promise<void>>();
  let steps = 0;
  let isDead = false;

  for (const name of WRITES) {
    wrap(name, (call, args) => {
      if (args.some(isOurs)) step(name === 'rmSync' ? () => removeOne(String(args[0])) : nothing);
      return call(...args);
    });
  }
  for (const name of READS) {
    wrap(name, (call, args) => {
      if (isDead && isOurs(args[0])) throw new Error('the process has ended');
      return call(...args);
    });
  }
  wrap('openSync', (call, args) => {
    const isOwn = isOurs(args[0]);
    if (isOwn && args[1] !== 'r') step(nothing);
    else if (isOwn && isDead) throw new Error('the process has ended');
    const fd = call(...args);
    if (isOwn) ownFds.add(fd);
    else ownFds.delete(fd);
    return fd;
  });
  wrap('writeSync', (call, args) => {
    const [fd, bytes, at = 0] = args as [unknown, Uint8Array, number?];
    const half = Math.floor((bytes.byteLength - at) / 2);
    if (ownFds.has(fd)) step(() => void call(fd, bytes, at, half));
    return call(...args);
  });
  promises['open'] = async (...args) => {
    if (isOurs(args[0]) && args[1] !== 'r') step(nothing);
    const opened = realOpen(...(args as Parameters<typeof fs.promises.open>));
    running.add(opened.then(closed, nothing));
    return opened;
  };
  syncBuiltinESMExports();

  return {
    get steps() {
      return steps;
    },
    get isDead() {
      return isDead;
    },
    async revive() {
      // What had been handed to the system already ends first: a dead process would leave it half done.
      await Promise.all(running);
      for (const name of [...WRITES, ...READS, 'openSync', 'writeSync']) {
        const before = real[name];
        if (before) patched[name] = before;
      }
      fs.promises.open = realOpen;
      syncBuiltinESMExports();
    },
  };

  function wrap(name: string, instead: (call: Call, args: unknown[]) => unknown): void {
    const call = real[name];
    if (!call) throw new Error(`no ${name}`);
    patched[name] = (...args) => instead(call, args);
  }

  function step(last: () => void): void {
    if (isDead) throw new Error('the process has ended');
    steps += 1;
    if (steps < n) return;
    isDead = true;
    last();
    throw new Error(`the process ends before its step ${n}`);
  }

  function isOurs(path: unknown): boolean {
    return typeof path === 'string' && (path === root || path.startsWith(`${root}/`));
  }

  /** A folder that was being removed has lost one of its files. */
  function removeOne(path: string): void {
    const stat = real['lstatSync']?.(path, { throwIfNoEntry: false }) as fs.Stats | undefined;
    if (!stat?.isDirectory()) return;
    const [first] = (real['readdirSync']?.(path) ?? []) as string[];
    if (first !== undefined) real['rmSync']?.(join(path, first), { recursive: true, force: true });
  }
}

/** Settles when a file that is open is not any more. */
function closed(handle: fs.promises.FileHandle): Promise<void> {
  const close = handle.close.bind(handle);
  return new Promise((resolve) => {
    handle.close = async () => {
      await close();
      resolve();
    };
  });
}

function nothing(): void {
  // The change that is not made any more.
}
