import { AppError } from '../../src-contract/app-error.ts';
import { runEval } from '../core/knowledge/index/eval.ts';
import {
  documentRecord,
  failureRecord,
  indexFiles,
  outcomeOf,
} from '../core/knowledge/index/index-files.ts';
import type { IndexJobs, ShardPlace } from '../core/knowledge/index/jobs.ts';
import { textKind } from '../core/knowledge/index/read-text.ts';
import { deleteShard, guardedAsync, openShard } from '../core/knowledge/index/shard.ts';
import { walk } from '../core/knowledge/index/walk.ts';
import { ShardWriter } from '../core/knowledge/index/writer.ts';
import type { EncryptedDb } from '../db/open.ts';
import { serveWorker } from './serve-worker.ts';

/** Files taken out per transaction. */
const FORGET_STEP = 200;

/** The open index; opening costs a key set-up, so it stays open from job to job. */
let current: { readonly dir: string; readonly db: EncryptedDb } | null = null;

function writerOf(place: ShardPlace): ShardWriter {
  if (current?.dir !== place.dir) {
    current?.db.close();
    current = null;
    current = { dir: place.dir, db: openShard(place) };
  }
  return new ShardWriter(current.db);
}

/** Runs a job that writes; a damaged index is closed so that the next job sees the file anew. */
function writing<T>(place: ShardPlace, work: (writer: ShardWriter) => T | Promise<T>): Promise<T> {
  return guardedAsync(async () => work(writerOf(place))).catch((error: unknown) => {
    if (error instanceof AppError && error.code.startsWith('knowledge/index-')) {
      current?.db.close();
      current = null;
    }
    throw error;
  });
}

function forget(writer: ShardWriter, collection: string, origins: readonly string[]): number {
  let removed = 0;
  for (let at = 0; at < origins.length; at += FORGET_STEP) {
    writer.transaction(() => {
      for (const origin of origins.slice(at, at + FORGET_STEP)) {
        if (writer.removeOrigin(collection, origin)) removed += 1;
      }
    });
  }
  return removed;
}

serveWorker<IndexJobs>({
  walk: ({ sources, exclude, known }, job) =>
    walk(sources, { exclude, known, signal: job.signal, onFound: (found) => job.progress(found) }),

  files: ({ shard, collection, entries }, job) =>
    writing(shard, async (writer) => {
      await indexFiles({
        writer,
        collection,
        entries,
        signal: job.signal,
        onStart: (index) => job.progress({ type: 'start', index }),
        onFile: (index, outcome) => job.progress({ type: 'file', index, outcome }),
      });
      return null;
    }),

  document: ({ shard, collection, origin, path, hash, bytes }) =>
    writing(shard, (writer) => {
      const place = { collection, origin, path, mtime: null };
      let record;
      try {
        record = documentRecord(place, textKind(path), bytes, hash);
      } catch (error) {
        record = { ...failureRecord({ ...place, bytes: bytes.length }, error), hash };
      }
      const put = record;
      writer.transaction(() => writer.put(put));
      return outcomeOf(put);
    }),

  failure: ({ shard, collection, origin, path, error }) =>
    writing(shard, (writer) => {
      const record = failureRecord(
        { collection, origin, path, bytes: 0, mtime: null },
        AppError.fromShape(error),
      );
      writer.transaction(() => writer.put(record));
      return null;
    }),

  mark: ({ shard, collection, state }) =>
    writing(shard, (writer) => {
      writer.mark(collection, state);
      return null;
    }),

  forget: ({ shard, collection, origins }) =>
    writing(shard, (writer) => {
      const removed = forget(writer, collection, origins);
      if (removed > 0) writer.erase();
      return removed;
    }),

  drop: ({ shard, collections }) =>
    writing(shard, (writer) => {
      let removed = 0;
      for (const collection of collections) {
        for (;;) {
          const origins = writer.origins(collection, FORGET_STEP);
          if (origins.length === 0) break;
          removed += forget(writer, collection, origins);
        }
        writer.unmark(collection);
      }
      writer.erase();
      return removed;
    }),

  reset: ({ shard }) => {
    current?.db.close();
    current = null;
    deleteShard(shard.dir);
    writerOf(shard);
    return null;
  },

  eval: ({ dir, scratch }, { signal }) => runEval(dir, scratch, signal),
});
