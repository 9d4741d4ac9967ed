import { linkSync, lstatSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { blockedParent } from '../files/inspect.ts';
import { statOrNull } from '../files/record.ts';
import { removeIfThere, syncDir } from '../git/atomic-fs.ts';
import { foldedPath, pathProblem } from '../portable-path.ts';
import type { Losses } from './losses.ts';

const FILE_MODE = 0o644;
const DIR_MODE = 0o755;

/** A file to write, by its path below the target with `/`. Bytes are read when it is its turn. */
export interface Draft {
  readonly path: string;
  readonly bytes: () => Uint8Array;
  /** Bytes that may be replaced: what stood there when the new ones were made of them. */
  readonly replaces?: Uint8Array;
}

/**
 * Writes files that are not there yet. What stands there already with the same bytes counts as
 * written; other bytes, links and folders are left as they are and said. Each file appears whole or
 * not at all. `tmpDir` is on the same file system; null writes beside the file.
 */
export function placeFiles(
  root: string,
  drafts: readonly Draft[],
  tmpDir: string | null,
  lost: Losses,
): readonly string[] {
  const written: string[] = [];
  const taken = new Set<string>();
  for (const draft of drafts) {
    const problem =
      pathProblem(draft.path) ?? clash(taken, draft.path) ?? place(root, draft, tmpDir);
    if (problem === null) written.push(draft.path);
    else lost.add(draft.path, `not written: ${problem}.`);
  }
  return written.toSorted();
}

function clash(taken: Set<string>, path: string): string | null {
  const key = foldedPath(path);
  if (taken.has(key)) return 'another file of the same name was written before it';
  taken.add(key);
  return null;
}

/** What stands at a path against a draft: null where it may be written or is there already. */
export function standing(root: string, draft: Draft): string | null {
  if (blockedParent(root, draft.path) !== null)
    return 'a file or link stands where its folder should be';
  const stat = statOrNull(join(root, draft.path));
  if (stat === null) return null;
  if (!stat.isFile()) return 'a folder or link stands in its place';
  const found = readFileSync(join(root, draft.path));
  if (found.equals(draft.bytes())) return null;
  if (draft.replaces && found.equals(draft.replaces)) return null;
  return 'a file with other content is there and was left as it is';
}

function place(root: string, draft: Draft, tmpDir: string | null): string | null {
  const problem = standing(root, draft);
  if (problem !== null) return problem;
  const at = join(root, draft.path);
  const bytes = draft.bytes();
  if (statOrNull(at) !== null && readFileSync(at).equals(bytes)) return null;
  mkdirSync(dirname(at), { recursive: true, mode: DIR_MODE });
  const temp = join(tmpDir ?? dirname(at), `.carrel-${randomBytes(8).toString('hex')}.tmp`);
  try {
    writeSynced(temp, bytes);
    // Looked at again: what a person or program put there in the meantime stays.
    const late = standing(root, draft);
    if (late !== null) return late;
    if (draft.replaces) renameSync(temp, at);
    else appear(temp, at);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'a file appeared in its place meanwhile';
    throw error;
  } finally {
    removeIfThere(temp);
  }
  syncDir(dirname(at));
  return null;
}

/** Gives a new file its name, never another one's: a link fails where the name is taken, a rename would not. */
function appear(temp: string, at: string): void {
  try {
    linkSync(temp, at);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw error;
    // File systems without hard links (FAT, some network shares).
    if (lstatSync(at, { throwIfNoEntry: false }) === undefined) renameSync(temp, at);
    else throw Object.assign(new Error('exists'), { code: 'EEXIST' });
  }
}

function writeSynced(path: string, bytes: Uint8Array): void {
  const fd = openSync(path, 'wx', FILE_MODE);
  try {
    for (let at = 0; at < bytes.byteLength;) at += writeSync(fd, bytes, at);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
