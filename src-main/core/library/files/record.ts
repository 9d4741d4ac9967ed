import { lstatSync, mkdirSync, readFileSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../../../src-contract/app-error.ts';
import { isMissing, writeAtomic } from '../git/atomic-fs.ts';
import { gitPlaces } from '../git/places.ts';
import type { Refused } from '../git-jobs.ts';

/** One file as we wrote it: git's hash of its bytes, and what the file system said right afterwards. */
export interface WrittenFile {
  readonly oid: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/**
 * What is materialised. `commit` is the pointer: it moves only when all files of that version have
 * been dealt with. A file that was kept for the person keeps its older entry, the base of a later merge.
 */
export interface FileRecord {
  readonly format: 1;
  readonly commit: string;
  readonly files: ReadonlyMap<string, WrittenFile>;
  readonly refused: readonly Refused[];
}

interface Stored extends Omit<FileRecord, 'files'> {
  readonly files: readonly (readonly [string, WrittenFile])[];
}

/** Null where nothing has been materialised yet. Errors: `library/record-damaged`. */
export function readRecord(gitdir: string): FileRecord | null {
  let text: string;
  try {
    text = readFileSync(gitPlaces(gitdir).record, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    const stored = JSON.parse(text) as Stored;
    if (stored.format !== 1) throw new Error(`format ${String(stored.format)}`);
    return { ...stored, files: new Map(stored.files) };
  } catch (error) {
    throw recordDamaged(error);
  }
}

/** Durable when it returns. */
export function writeRecord(gitdir: string, record: FileRecord): void {
  const { record: path, tmp } = gitPlaces(gitdir);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  mkdirSync(tmp, { recursive: true, mode: 0o700 });
  const stored: Stored = { ...record, files: [...record.files].toSorted(byPath) };
  writeAtomic(path, Buffer.from(JSON.stringify(stored), 'utf8'), tmp);
}

export function written(oid: string, stat: Stats): WrittenFile {
  return { oid, size: stat.size, mtimeMs: stat.mtimeMs, ctimeMs: stat.ctimeMs };
}

/** Whether a file is surely as we wrote it, without reading it. The change time catches edits that keep size and time. */
export function untouched(entry: WrittenFile, stat: Stats): boolean {
  return (
    stat.size === entry.size && stat.mtimeMs === entry.mtimeMs && stat.ctimeMs === entry.ctimeMs
  );
}

/** `lstat`, or null where there is nothing. */
export function statOrNull(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}

function byPath(a: readonly [string, WrittenFile], b: readonly [string, WrittenFile]): number {
  return a[0] < b[0] ? -1 : 1;
}

function recordDamaged(cause: unknown): AppError {
  return new AppError(
    'library/record-damaged',
    'The list of what Carrel wrote into the library is damaged.',
    {
      remedy:
        'Move library/carrel/record.json of the workspace away and start again. Your files stay as they are.',
      cause,
    },
  );
}
