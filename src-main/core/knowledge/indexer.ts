import { sep } from 'node:path';
import { AppError, type ErrorShape } from '../../../src-contract/app-error.ts';
import type { AddSummary, IndexEvent } from '../../../src-contract/knowledge.ts';
import type { Clock } from '../shared/clock.ts';
import type { WorkerHost } from '../shared/worker-host.ts';
import { endedWorker } from './errors.ts';
import type { IndexHandle } from './index/index-handle.ts';
import type { Entry, IndexJobs, Outcome } from './index/jobs.ts';
import type { KnowledgeStore, StoredCollection, StoredUpload } from './knowledge-store.ts';
import { BATCH_FILES } from './limits.ts';
import { Outbox } from './outbox.ts';
import type { Attachments } from './ports.ts';
import { UPLOAD_ORIGIN } from './source-text.ts';
import { Summary } from './summary.ts';

export interface IndexerDeps {
  readonly store: KnowledgeStore;
  readonly index: IndexHandle;
  readonly worker: WorkerHost<IndexJobs>;
  readonly attachments: Attachments;
  readonly clock: Clock;
  /** Folders that are never indexed as a person's own, absolute. */
  readonly exclude: readonly string[];
}

export interface IndexRequest {
  readonly collection: StoredCollection;
  /** Sources to look at, absolute. */
  readonly paths: readonly string[];
  /** Look at all sources and uploads of the collection as well. */
  readonly all: boolean;
  /** Forget what is indexed of the collection first. */
  readonly rebuild: boolean;
  readonly signal: AbortSignal;
  readonly emit: (event: IndexEvent) => Promise<void>;
}

/** One look at the sources of a collection. */
interface Run extends IndexRequest {
  readonly out: Outbox<IndexEvent>;
  readonly summary: Summary;
  total: number;
}

/** Brings the index of one collection up to date. The caller sees to it that there is one run per collection at a time. */
export class Indexer {
  readonly #deps: IndexerDeps;

  constructor(deps: IndexerDeps) {
    this.#deps = deps;
  }

  /**
   * Lists, compares, indexes what changed and forgets what is gone. Interrupted at any point, the
   * next run goes on where this one was: what was committed is unchanged then.
   *
   * Errors: `worker/…`, `knowledge/too-many-files`, `knowledge/index-…`; not those of single files.
   */
  async run(request: IndexRequest): Promise<AddSummary> {
    const { clock, index } = this.#deps;
    const started = clock.monotonic();
    const id = request.collection.id;
    const out = new Outbox(request.emit);
    const summary = new Summary(request.collection.name);
    const run: Run = { ...request, out, summary, total: 0 };
    try {
      const before = index.read((reader) => reader.states().get(id));
      if (request.rebuild) await this.#job('drop', { collections: [id] }, run);
      // After an interrupted run more than the named paths may be missing.
      const all = request.all || request.rebuild || before !== 'complete';
      await this.#job('mark', { collection: id, state: 'partial' }, run);
      await this.#look({ ...run, all });
      await this.#job('mark', { collection: id, state: 'complete' }, run);
    } catch (error) {
      index.note(error);
      throw error;
    }
    const figures = summary.finish(clock.monotonic() - started);
    out.put({ type: 'done', summary: figures });
    await out.drained();
    return figures;
  }

  /** Indexes one upload outside of a run. */
  async upload(collection: string, upload: StoredUpload, bytes: Buffer): Promise<Outcome> {
    const { worker, index } = this.#deps;
    try {
      return await worker.run('document', {
        shard: index.place,
        collection,
        origin: UPLOAD_ORIGIN + upload.attachment,
        path: upload.path,
        hash: upload.hash,
        bytes,
      });
    } catch (error) {
      index.note(error);
      throw error;
    }
  }

  async #look(run: Run): Promise<void> {
    const { store, index, worker, exclude } = this.#deps;
    const { id, origin } = run.collection;
    const uploads = store.uploads(id);
    const before = index.read((reader) => reader.origins(id));
    const known = [...before, ...uploads.map((u) => ({ ...u, origin: originOf(u) }))];
    const sources = [...new Set([...(run.all ? store.sources(id) : []), ...run.paths])];
    const { entries, missing } = await worker.run(
      'walk',
      { sources, known, exclude: origin === 'library' ? [] : exclude },
      {
        signal: run.signal,
        onProgress: (done) => run.out.put({ type: 'progress', done, total: null, path: '' }),
      },
    );
    const ownUploads = run.all ? uploads : [];
    run.total = entries.length + missing.length + ownUploads.length;
    run.out.put({ type: 'progress', done: 0, total: run.total, path: '' });
    for (const { path, error } of missing) {
      this.#tell(run, { path, state: 'failed', error, bytes: 0, chunks: 0 });
    }
    for (let at = 0; at < entries.length; at += BATCH_FILES) {
      await this.#batch(run, entries.slice(at, at + BATCH_FILES));
      await run.out.drained();
    }
    const hashes = new Map(before.map((file) => [file.origin, file.hash]));
    for (const upload of ownUploads) {
      await this.#lookAtUpload(run, upload, hashes.get(originOf(upload)) === upload.hash);
    }
    const seen = new Set([...entries.map((entry) => entry.origin), ...uploads.map(originOf)]);
    const away = missing.map((source) => source.path);
    const gone = before.filter(
      (file) =>
        !seen.has(file.origin) &&
        (run.all || isBelow(file.origin, run.paths)) &&
        // A drive that is not there now says nothing about its files.
        !isBelow(file.origin, away),
    );
    if (gone.length > 0) {
      const origins = gone.map((file) => file.origin);
      await this.#job('forget', { collection: id, origins }, run);
    }
  }

  /** A file that ends the worker twice is recorded and left out; the rest goes on. */
  async #batch(run: Run, entries: readonly Entry[]): Promise<void> {
    const { worker, index } = this.#deps;
    const collection = run.collection.id;
    const told = new Set<string>();
    let rest = entries;
    while (rest.length > 0) {
      const now = rest;
      let started: Entry | undefined;
      try {
        await worker.run(
          'files',
          { shard: index.place, collection, entries: now },
          {
            signal: run.signal,
            onProgress: (progress) => {
              const entry = now[progress.index];
              if (progress.type === 'start') started = entry;
              else if (entry && !told.has(entry.origin)) {
                told.add(entry.origin);
                this.#tell(run, progress.outcome);
              }
            },
          },
        );
        run.signal.throwIfAborted();
        return;
      } catch (error) {
        const culprit = started;
        const isSetAside = error instanceof AppError && error.code === 'worker/job-set-aside';
        if (!isSetAside || !culprit) throw error;
        const shape = endedWorker().toShape();
        await this.#job('failure', { collection, ...culprit, error: shape }, run);
        this.#tell(run, { path: culprit.path, state: 'failed', error: shape, bytes: 0, chunks: 0 });
        rest = now.filter((entry) => entry !== culprit && !told.has(entry.origin));
      }
    }
  }

  async #lookAtUpload(run: Run, upload: StoredUpload, isIndexed: boolean): Promise<void> {
    const { attachments, index } = this.#deps;
    run.signal.throwIfAborted();
    const collection = run.collection.id;
    const row = isIndexed ? index.read((reader) => reader.file(collection, upload.path)) : null;
    if (row) {
      const state = row.state === 'indexed' ? 'unchanged' : row.state;
      const error = row.error ? (JSON.parse(row.error) as Outcome['error']) : null;
      const { path, bytes, chunks } = row;
      this.#tell(run, { path, state, error, bytes, chunks });
      return;
    }
    try {
      const bytes = await attachments.get(upload.attachment);
      this.#tell(run, await this.upload(collection, upload, bytes));
    } catch (error) {
      const shape = uploadFailure(error);
      if (!shape) throw error;
      const place = { collection, origin: originOf(upload), path: upload.path };
      await this.#job('failure', { ...place, error: shape }, run);
      this.#tell(run, { path: upload.path, state: 'failed', error: shape, bytes: 0, chunks: 0 });
    }
  }

  #tell(run: Run, outcome: Outcome): void {
    run.summary.count(outcome);
    const { path, state, error } = outcome;
    run.out.put({ type: 'file', path, state, error });
    run.out.put({ type: 'progress', done: run.summary.done, total: run.total, path });
  }

  #job<K extends 'drop' | 'mark' | 'forget' | 'failure'>(
    job: K,
    input: Omit<IndexJobs[K]['input'], 'shard'>,
    run: Run,
  ): Promise<IndexJobs[K]['output']> {
    const whole = { ...input, shard: this.#deps.index.place } as IndexJobs[K]['input'];
    return this.#deps.worker.run(job, whole, { signal: run.signal });
  }
}

/** What is recorded of an upload that could not be read or indexed; null where the trouble is not its own. */
function uploadFailure(error: unknown): ErrorShape | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === 'worker/job-set-aside') return endedWorker().toShape();
  return error.code.startsWith('vault/') ? error.toShape() : null;
}

function originOf(upload: StoredUpload): string {
  return UPLOAD_ORIGIN + upload.attachment;
}

function isBelow(origin: string, sources: readonly string[]): boolean {
  return sources.some((source) => origin === source || origin.startsWith(withSlash(source)));
}

function withSlash(path: string): string {
  return path.endsWith(sep) ? path : path + sep;
}
