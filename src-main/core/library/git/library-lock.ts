import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../../src-contract/app-error.ts';
import {
  isProcessStart,
  ownStart,
  sameStart,
  stateOf,
  type ProcessStart,
} from '../../shared/process-start.ts';
import { isMissing } from './atomic-fs.ts';

export interface LibraryLock {
  /** Gives the library free. Safe to repeat. */
  release(): void;
}

/** Each round that fails means that another process was quicker; nobody loses so often. */
const MAX_ROUNDS = 20;

/**
 * Takes the library for one job of this process. A lock is stale where its process ended, and where
 * it is of this process: the engine runs one job at a time, so a worker that was ended left it.
 *
 * Errors: `library/locked` (another process is at work).
 */
export async function acquireLibraryLock(journalDir: string): Promise<LibraryLock> {
  mkdirSync(journalDir, { recursive: true, mode: 0o700 });
  const file = join(journalDir, 'library.lock');
  const start = await ownStart();
  const mine = JSON.stringify({ pid: process.pid, start, nonce: randomBytes(12).toString('hex') });
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    if (create(file, mine)) return { release: () => release(file, mine) };
    const text = read(file);
    if (text === null) continue;
    const holder = parse(text);
    if (holder && (await isAtWork(holder, start))) throw locked(holder.pid);
    takeAway(file, text);
  }
  throw locked(null);
}

interface Holder {
  readonly pid: number;
  readonly start: ProcessStart;
}

async function isAtWork(holder: Holder, own: ProcessStart): Promise<boolean> {
  if (holder.pid === process.pid && sameStart(holder.start, own)) return false;
  const state = await stateOf(holder.pid);
  return (
    state.kind === 'running-unknown' ||
    (state.kind === 'running' && sameStart(state.start, holder.start))
  );
}

/** Written aside and linked, so that a lock is never seen half written. False where somebody has it. */
function create(file: string, text: string): boolean {
  const aside = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  writeFileSync(aside, text, { flag: 'wx', mode: 0o600 });
  try {
    linkSync(aside, file);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return false;
    // A file system without links: less strict, still exclusive.
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS') return createPlain(file, text);
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function createPlain(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the stale lock and no other: one that was renewed meanwhile is put back. */
function takeAway(file: string, stale: string): void {
  const aside = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  const text = read(aside);
  if (text !== null && text !== stale) create(file, text);
  rmSync(aside, { force: true });
}

function release(file: string, mine: string): void {
  if (read(file) === mine) rmSync(file, { force: true });
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function parse(text: string): Holder | null {
  try {
    const { pid, start } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const isPid = Number.isSafeInteger(pid) && Number(pid) > 0;
    return isPid && isProcessStart(start) ? { pid: Number(pid), start } : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}

function locked(pid: number | null): AppError {
  return new AppError(
    'library/locked',
    pid === null
      ? 'Another program is at work in this library.'
      : `Another Carrel (process ${pid}) is at work in this library.`,
    { remedy: 'Wait until it is done, or end it.', action: 'retry', data: { pid } },
  );
}
