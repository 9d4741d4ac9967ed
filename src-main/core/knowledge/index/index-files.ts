import { lstatSync, type Stats } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../../../src-contract/app-error.ts';
import { errnoOf, lineCut, unreadable } from '../errors.ts';
import { COMMIT_BYTES, COMMIT_FILES } from '../limits.ts';
import { toDocument } from './document.ts';
import type { Entry, Outcome } from './jobs.ts';
import type { TextKind } from '../text/kinds.ts';
import { decodeText, hashOf, readBytes, textKind } from './read-text.ts';
import type { FileRecord, KnownFile, ShardWriter } from './writer.ts';

/** A time so near to the look at the file may stand for a later change too (file systems round times): the hash decides then. */
const RACY_MS = 2_000;

export interface FilesRun {
  readonly writer: ShardWriter;
  readonly collection: string;
  readonly entries: readonly Entry[];
  readonly signal: AbortSignal;
  readonly onStart: (index: number) => void;
  /** Called when the outcome is committed. */
  readonly onFile: (index: number, outcome: Outcome) => void;
}

/** What has to be written for a file, and what to say of it. */
interface Looked {
  readonly outcome: Outcome;
  readonly write: (() => void) | null;
}

/** Looks at files one after the other and indexes what changed, in transactions of bounded size. A file that fails never blocks the rest. */
export async function indexFiles(run: FilesRun): Promise<void> {
  let open: { index: number; looked: Looked }[] = [];
  let bytes = 0;
  const commit = (): void => {
    const done = open;
    open = [];
    bytes = 0;
    if (done.some(({ looked }) => looked.write)) {
      run.writer.transaction(() => {
        for (const { looked } of done) looked.write?.();
      });
    }
    for (const { index, looked } of done) run.onFile(index, looked.outcome);
  };
  for (const [index, entry] of run.entries.entries()) {
    if (run.signal.aborted) break;
    run.onStart(index);
    const looked = await look(run, entry);
    open.push({ index, looked });
    if (looked.write) bytes += looked.outcome.bytes;
    if (open.length >= COMMIT_FILES || bytes >= COMMIT_BYTES) {
      commit();
      // Files that did not change are looked at without waiting for anything: a cancellation is heard here.
      await setImmediate();
    }
  }
  commit();
}

async function look(run: FilesRun, entry: Entry): Promise<Looked> {
  const { writer, collection } = run;
  const known = writer.known(collection, entry.origin);
  const base = { collection, path: entry.path, origin: entry.origin };
  let bytes = 0;
  let mtime: number | null = null;
  try {
    const stat = lookAt(entry.origin);
    bytes = stat.size;
    mtime = trusted(stat.mtimeMs);
    const isSameSize = known?.path === entry.path && known.bytes === bytes;
    if (isSameSize && known.state !== 'failed' && mtime !== null && known.mtime === mtime) {
      return unchanged(writer, known, mtime);
    }
    const kind = textKind(entry.path);
    const read = await readBytes(entry.origin);
    bytes = read.bytes.length;
    mtime = trusted(read.mtime);
    const hash = hashOf(read.bytes);
    if (isSameSize && known.state === 'indexed' && known.hash === hash) {
      return unchanged(writer, known, mtime);
    }
    return written(writer, documentRecord({ ...base, mtime }, kind, read.bytes, hash));
  } catch (error) {
    const record = failureRecord({ ...base, bytes, mtime }, error);
    // The path is a column of the words: a file shown under another path is written anew.
    const isSame = known?.path === entry.path && known.error === JSON.stringify(record.error);
    if (isSame && record.state === 'skipped') return unchanged(writer, known, mtime);
    return written(writer, record);
  }
}

function lookAt(path: string): Stats {
  try {
    return lstatSync(path);
  } catch (error) {
    throw unreadable(error);
  }
}

function trusted(mtime: number): number | null {
  return mtime > Date.now() - RACY_MS ? null : mtime;
}

function unchanged(writer: ShardWriter, known: KnownFile, mtime: number | null): Looked {
  return {
    outcome: {
      path: known.path,
      state: known.state === 'skipped' ? 'skipped' : 'unchanged',
      error: known.error ? (JSON.parse(known.error) as Outcome['error']) : null,
      bytes: known.bytes,
      chunks: known.chunks,
    },
    write: known.mtime === mtime ? null : () => writer.touch(known.id, mtime),
  };
}

function written(writer: ShardWriter, record: FileRecord): Looked {
  return { outcome: outcomeOf(record), write: () => writer.put(record) };
}

export function outcomeOf(record: FileRecord): Outcome {
  return {
    path: record.path,
    state: record.state,
    error: record.error,
    bytes: record.bytes,
    chunks: record.chunks.length,
  };
}

type Place = Pick<FileRecord, 'collection' | 'path' | 'origin' | 'mtime'>;

/** Errors: `knowledge/not-text`. */
export function documentRecord(
  place: Place,
  kind: TextKind,
  bytes: Uint8Array,
  hash: string,
): FileRecord {
  const document = toDocument(place.path, kind, decodeText(bytes));
  return {
    ...place,
    kind,
    bytes: bytes.length,
    hash,
    state: 'indexed',
    error: document.cut ? lineCut().toShape() : null,
    chunks: document.chunks,
  };
}

/** What is recorded of a file that can't be indexed. Errors that are not the file's own are thrown on. */
export function failureRecord(
  place: Place & { readonly bytes: number },
  error: unknown,
): FileRecord {
  const known = error instanceof AppError ? error : errnoOf(error) ? unreadable(error) : null;
  if (!known) throw error;
  const isLeftOut =
    known.code === 'knowledge/not-yet-supported' || known.code === 'knowledge/looks-secret';
  return {
    ...place,
    kind: 'none',
    hash: null,
    state: isLeftOut ? 'skipped' : 'failed',
    error: known.toShape(),
    chunks: [],
  };
}
