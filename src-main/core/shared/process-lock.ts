import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { AppError } from '../../../src-contract/app-error.ts';
import { isMissing } from './private-file.ts';
import {
  isProcessStart,
  ownStart,
  sameStart,
  stateOf,
  type ProcessStart,
} from './process-start.ts';

export interface ProcessLock {
  /** Gives it free. Synchronous, so that it can run while the process ends. Safe to repeat. */
  release(): void;
}

export interface ProcessLockOptions {
  /** What is thrown where a process has it; null where it could not be told which. */
  readonly refusal: (pid: number | null) => AppError;
  /** A lock of this very process is one that a part of it left when it was ended. */
  readonly isOwnStale: boolean;
  /** Told before a lock whose process no longer runs is taken over. */
  readonly onStale?: () => void;
}

/** A lock that can't be read may be one that is being written at this moment: looked at again so often. */
const UNREADABLE_LOOKS = 5;
const UNREADABLE_WAIT_MS = 40;
/** Each round that fails means that another process took the lock over; nobody loses so often. */
const MAX_ROUNDS = 20;

/**
 * Takes a file as the lock of one process. A lock whose process no longer runs (also after a reboot,
 * or where its number was given to another process) is taken over. Errors: `options.refusal`.
 */
export async function acquireProcessLock(
  file: string,
  options: ProcessLockOptions,
): Promise<ProcessLock> {
  const nonce = randomBytes(12).toString('hex');
  // The nonce tells two locks of the same process apart.
  const mine = JSON.stringify({ pid: process.pid, start: await ownStart(), nonce });
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    if (create(file, mine)) return { release: () => release(file, mine) };
    const text = await settledText(file);
    if (text === null) continue;
    const holder = await holderOf(text, options.isOwnStale);
    if (holder !== null) throw options.refusal(holder);
    options.onStale?.();
    takeAway(file, text);
  }
  throw options.refusal(null);
}

/** False where somebody has it. */
function create(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** What the lock says; null where it is gone meanwhile. */
async function settledText(file: string): Promise<string | null> {
  let text: string | null = null;
  for (let look = 0; look < UNREADABLE_LOOKS; look += 1) {
    text = read(file);
    if (text === null || parse(text)) return text;
    await wait(UNREADABLE_WAIT_MS);
  }
  return text;
}

/** The process that has it and runs; null where there is none. */
async function holderOf(text: string, isOwnStale: boolean): Promise<number | null> {
  const found = parse(text);
  // Cut short by a power cut: who wrote it does not run any more.
  if (!found) return null;
  const isOwn = found.pid === process.pid && sameStart(found.start, await ownStart());
  if (isOwn) return isOwnStale ? null : found.pid;
  const state = await stateOf(found.pid);
  if (state.kind === 'gone') return null;
  return state.kind === 'running' && !sameStart(state.start, found.start) ? null : found.pid;
}

/**
 * Removes the stale lock and no other: moved aside first, and moved back where another process was
 * quicker and the lock is already its own.
 */
function takeAway(file: string, stale: string): void {
  const aside = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  if (read(aside) !== stale) giveBack(aside, file);
  rmSync(aside, { force: true });
}

/** Never over a lock that a third process made meanwhile. */
function giveBack(aside: string, file: string): void {
  try {
    linkSync(aside, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
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

function parse(text: string): { readonly pid: number; readonly start: ProcessStart } | null {
  try {
    const { pid, start, nonce } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const isPid = Number.isSafeInteger(pid) && Number(pid) > 0;
    const isWhole = isPid && isProcessStart(start) && typeof nonce === 'string';
    return isWhole ? { pid: Number(pid), start } : null;
  } catch (error) {
    // JSON that is cut short, or that is no object.
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}
