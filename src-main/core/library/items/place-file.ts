import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fromDisk } from '../errors.ts';
import { blockedParent, isStill, type Found } from '../files/inspect.ts';
import { statOrNull } from '../files/record.ts';
import { isMissing, removeIfThere, syncDir } from '../git/atomic-fs.ts';
import type { LibraryDirs } from '../git-jobs.ts';
import { changedMeanwhile, pathTaken } from './item-errors.ts';
import { LITTER } from './scan-files.ts';

/** The library's files are for every editor of this person; their folder's parent is 0700. */
const FILE_MODE = 0o644;
const DIR_MODE = 0o755;
/** A write takes milliseconds; what is older than an hour was left by a run that was killed. */
const STALE_MS = 3_600_000;
/** What file systems say that know no second name for a file. */
const NO_LINKS: ReadonlySet<string> = new Set([
  'EPERM',
  'ENOSYS',
  'ENOTSUP',
  'EOPNOTSUPP',
  'EMLINK',
]);

/**
 * Writes a new file: whole or not at all, and never over one that came meanwhile. Durable when it
 * returns. Errors: `library/path-taken`.
 */
export function writeNew(dirs: LibraryDirs, path: string, bytes: Uint8Array): void {
  const at = join(dirs.files, path);
  staged(dirs, bytes, FILE_MODE, (temp) => {
    prepareParent(dirs.files, path);
    moveToFree(temp, at, path);
  });
  syncUp(dirs.files, path);
}

/**
 * Replaces a file that was just inspected: whole or not at all. Durable when it returns.
 * Errors: `library/changed-meanwhile` where it is another one by now.
 */
export function writeOver(
  dirs: LibraryDirs,
  path: string,
  bytes: Uint8Array,
  found: Extract<Found, { kind: 'file' }>,
): void {
  const at = join(dirs.files, path);
  staged(dirs, bytes, found.stat.mode & 0o777, (temp) => {
    if (blockedParent(dirs.files, path) !== null || !isStill(at, found)) {
      throw changedMeanwhile(path);
    }
    renameSync(temp, at);
  });
  syncDir(dirname(at));
}

/** Moves a file within one file system to a place below the library that must be free. Durable when it returns. */
export function moveFile(root: string, from: string, path: string): void {
  prepareParent(root, path);
  moveToFree(from, join(root, path), path);
  syncUp(root, path);
  syncDir(dirname(from));
}

export function prepareParent(root: string, path: string): void {
  if (blockedParent(root, path) !== null) throw pathTaken(dirname(path));
  mkdirSync(dirname(join(root, path)), { recursive: true, mode: DIR_MODE });
}

/** Makes a new path durable: each folder up to the root may be new. */
export function syncUp(root: string, path: string): void {
  for (let dir = dirname(path); dir !== '.'; dir = dirname(dir)) syncDir(join(root, dir));
  syncDir(root);
}

/** Git keeps no empty folders, so none is left behind, nor one with what a system leaves in folders. */
export function removeEmptyFolders(root: string, path: string): void {
  for (let dir = dirname(path); dir !== '.'; dir = dirname(dir)) {
    const at = join(root, dir);
    try {
      const names = readdirSync(at);
      if (!names.every((name) => LITTER.has(name))) return;
      for (const name of names) removeIfThere(join(at, name));
      rmdirSync(at);
    } catch (error) {
      if (isMissing(error)) continue;
      // Somebody put a file there between the two looks.
      if (codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST') return;
      throw error;
    }
  }
}

/** The disk's own errors in words. */
export function onDisk<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw fromDisk(error);
  }
}

/** A second name first, then the old one goes: interrupted in between, the file is there twice, never not. */
function moveToFree(from: string, to: string, path: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST' && !isSameFile(from, to)) throw pathTaken(path);
    if (code !== 'EEXIST' && !NO_LINKS.has(code)) throw error;
    if (code !== 'EEXIST' && statOrNull(to) !== null) throw pathTaken(path);
    // Only the case of its name changes, or this file system has no links.
    renameSync(from, to);
    return;
  }
  unlinkSync(from);
}

function isSameFile(a: string, b: string): boolean {
  const [one, two] = [statOrNull(a), statOrNull(b)];
  return one !== null && two !== null && one.ino === two.ino && one.dev === two.dev;
}

/** Not the staging of a sync, which may run beside and empties its own. */
function staged(
  dirs: LibraryDirs,
  bytes: Uint8Array,
  mode: number,
  place: (temp: string) => void,
): void {
  const dir = join(dirs.journal, 'library-edits');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const temp = join(dir, randomBytes(8).toString('hex'));
  try {
    const fd = openSync(temp, 'wx', mode);
    try {
      for (let at = 0; at < bytes.byteLength;) at += writeSync(fd, bytes, at);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    dropStale(dir, statOrNull(temp)?.mtimeMs ?? 0);
    place(temp);
  } finally {
    removeIfThere(temp);
  }
}

/** What a killed run left; what another process writes right now is younger. `now`: milliseconds, of the file system. */
function dropStale(dir: string, now: number): void {
  for (const name of readdirSync(dir)) {
    const stat = statOrNull(join(dir, name));
    if (stat && stat.mtimeMs < now - STALE_MS) removeIfThere(join(dir, name));
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
