import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from '../git/atomic-fs.ts';
import { blockedParent } from '../files/inspect.ts';
import { statOrNull } from '../files/record.ts';
import { foldedPath, pathProblem } from '../portable-path.ts';
import { badPath, pathTaken } from './item-errors.ts';

/**
 * Why a path must not even be looked at, in words; null where it names something inside the library.
 * Wider than `pathProblem`: a file that a person gave a name which one system forbids can still be
 * read, moved and removed.
 */
export function insideProblem(path: string, platform: NodeJS.Platform): string | null {
  if (path.includes('\0')) return 'it has a NUL character';
  if (path.includes('\\')) return 'it has a backslash';
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) return 'it is an absolute path';
  // There a colon names a stream of a file, or a drive.
  if (platform === 'win32' && path.includes(':')) return 'it has a colon';
  const names = path.split('/');
  if (names.includes('')) return 'it has an empty name';
  return names.some((name) => name === '.' || name === '..') ? 'it points out of its folder' : null;
}

/** Errors: `library/bad-path`. */
export function checkInside(path: string): void {
  const problem = insideProblem(path, process.platform);
  if (problem !== null) throw badPath(path, problem);
}

/** Where a path of the library is. Errors: `library/bad-path`, also where a parent is a link or a file. */
export function placeInside(root: string, path: string): string {
  checkInside(path);
  return unblocked(root, path);
}

/** `placeInside` for a place that will be written: its name works on every system. Errors: `library/bad-path`. */
export function placeToWrite(root: string, path: string): string {
  const problem = insideProblem(path, process.platform) ?? pathProblem(path);
  if (problem !== null) throw badPath(path, problem);
  return unblocked(root, path);
}

function unblocked(root: string, path: string): string {
  if (statOrNull(root)?.isDirectory() === false) {
    throw badPath(path, 'the folder of the library is a link or a file');
  }
  if (blockedParent(root, path) !== null) {
    throw badPath(path, 'one of its folders is a link or a file');
  }
  return join(root, path);
}

/**
 * Refuses a new path that some system would take for one that is there: on the disk, or among `known`
 * paths that are not there. `moving` is what goes away. Errors: `library/path-taken`.
 */
export function refuseTaken(
  root: string,
  known: Iterable<string>,
  path: string,
  moving: string | null = null,
): void {
  const taken = takenBy(root, known, path, moving);
  if (taken !== null) throw pathTaken(taken);
}

/** What already has this place, in its own spelling; null where it is free. */
function takenBy(
  root: string,
  known: Iterable<string>,
  path: string,
  moving: string | null,
): string | null {
  const names = path.split('/');
  let at = '';
  for (const [n, name] of names.entries()) {
    const isLast = n === names.length - 1;
    const folded = foldedPath(name);
    for (const other of namesIn(join(root, at))) {
      if (foldedPath(other) !== folded || at + other === moving) continue;
      if (isLast || other !== name) return at + other;
    }
    at += `${name}/`;
  }
  return takenInRecord(known, path, moving);
}

/** Of paths that are not on the disk: the same name, or that of one of the folders, in another spelling. */
function takenInRecord(
  known: Iterable<string>,
  path: string,
  moving: string | null,
): string | null {
  const names = path.split('/');
  for (const other of known) {
    if (moving !== null && (other === moving || other.startsWith(`${moving}/`))) continue;
    for (const [n, theirs] of other.split('/').entries()) {
      const ours = names[n];
      if (ours === undefined || ours === theirs) continue;
      if (foldedPath(ours) === foldedPath(theirs)) return other;
      break;
    }
  }
  return null;
}

/** Whether each name of the path is on the disk in this very spelling: some systems find others too. */
export function isSpelledSo(root: string, path: string): boolean {
  let at = root;
  for (const name of path.split('/')) {
    if (!namesIn(at).includes(name)) return false;
    at = join(at, name);
  }
  return true;
}

/** Names of a folder; none where there is no folder. */
export function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (isMissing(error)) return [];
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return [];
    throw error;
  }
}
