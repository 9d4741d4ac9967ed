import { lstatSync, mkdirSync, readFileSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../../../src-contract/app-error.ts';
import { isMissing, writeAtomic } from '../git/atomic-fs.ts';
import { gitPlaces } from '../git/places.ts';
import type { Refused } from '../sync-jobs.ts';

/** One file as we wrote it: git's hash of its bytes, and what the file system said right afterwards. */
export interface WrittenFile {
  readonly oid: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/** A path that was changed here and by the team. Ids are null where that version has no such file. */
export interface Pending {
  /** What the person's edit started from. */
  readonly base: string | null;
  /** What the materialised version has. */
  readonly theirs: string | null;
}

/** Commits made here that the remote does not have. */
export interface Queued {
  readonly versions: number;
  /** Paths that differ between the team's version and the last of these commits. */
  readonly paths: readonly string[];
}

/**
 * What is materialised. `commit` is the pointer: it moves only when all files of that version have
 * been dealt with. `files` is what the edits of each path start from: the file of `commit`, but for a
 * pending path, which keeps its older base (and no entry where there was none).
 */
export interface FileRecord {
  readonly format: 2;
  /** The tip of the queue, or the team's version where nothing waits. */
  readonly commit: string;
  /** The team's version. */
  readonly trusted: string;
  readonly files: ReadonlyMap<string, WrittenFile>;
  readonly pending: ReadonlyMap<string, Pending>;
  readonly queued: Queued;
  readonly refused: readonly Refused[];
}

interface Stored extends Omit<FileRecord, 'format' | 'files' | 'pending'> {
  /** Format 1 had no queue and no conflicts. */
  readonly format: 1 | 2;
  readonly files: readonly (readonly [string, WrittenFile])[];
  readonly pending?: readonly (readonly [string, Pending])[];
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
    if (![1, 2].includes(stored.format)) throw new Error(`format ${String(stored.format)}`);
    return {
      format: 2,
      commit: stored.commit,
      trusted: stored.format === 1 ? stored.commit : stored.trusted,
      files: new Map(stored.files),
      pending: new Map(stored.pending),
      queued: stored.format === 1 ? { versions: 0, paths: [] } : stored.queued,
      refused: stored.refused,
    };
  } catch (error) {
    throw recordDamaged(error);
  }
}

/** Durable when it returns. */
export function writeRecord(gitdir: string, record: FileRecord): void {
  const { record: path, tmp } = gitPlaces(gitdir);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  mkdirSync(tmp, { recursive: true, mode: 0o700 });
  const stored: Stored = {
    ...record,
    files: [...record.files].toSorted(byPath),
    pending: [...record.pending].toSorted(byPath),
  };
  writeAtomic(path, Buffer.from(JSON.stringify(stored), 'utf8'), tmp);
}

/** What is recorded where other bytes stand than these, or none. `size` of the recorded ones, bytes. */
export function unseen(oid: string, size: number): WrittenFile {
  return { oid, size, mtimeMs: 0, ctimeMs: 0 };
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

/** `lstat`, or null where there is nothing; also where a file stands in the place of a folder above. */
export function statOrNull(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return null;
    throw error;
  }
}

function byPath(a: readonly [string, unknown], b: readonly [string, unknown]): number {
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
