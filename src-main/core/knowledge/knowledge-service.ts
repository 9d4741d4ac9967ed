import { rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute } from 'node:path';
import { AppError } from '../../../src-contract/app-error.ts';
import type { Check } from '../../../src-contract/health.ts';
import type {
  AddSummary,
  Collection,
  IndexEvent,
  KnowledgeFile,
  Passage,
  SearchResult,
} from '../../../src-contract/knowledge.ts';
import type { EncryptedDb } from '../../db/open.ts';
import type { ChangeBus } from '../shared/change-bus.ts';
import type { Clock } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
import type { WorkerHost } from '../shared/worker-host.ts';
import { nameFor, resolvePaths } from './add-paths.ts';
import { browse, type Browsed } from './browse.ts';
import { ChangeSignal } from './change-signal.ts';
import { CollectionLocks } from './collection-locks.ts';
import { viewCollections, viewFile } from './collections-view.ts';
import { modeUnavailable, notIndexed, pathMissing, readOnly, unknownCollection } from './errors.ts';
import { findPassages } from './find-passages.ts';
import { knowledgeChecks } from './health-checks.ts';
import { IndexHandle } from './index/index-handle.ts';
import type { EvalFigures, IndexJobs } from './index/jobs.ts';
import { Indexer } from './indexer.ts';
import { keepUpload, removeOrphans } from './keep-upload.ts';
import { KnowledgeStore, type StoredCollection } from './knowledge-store.ts';
import { matchLibrary } from './library-collections.ts';
import type { Attachments, LibraryCollections } from './ports.ts';
import { readPassage, type PassageRequest } from './read-passage.ts';
import { searchTerms } from './text/query.ts';
import { uploadPath, Uploads } from './uploads.ts';

export interface KnowledgeDeps {
  /** The open store, migrated. */
  readonly db: EncryptedDb;
  readonly paths: {
    /** The data directory: never indexed as a person's own folder. */
    readonly dataDir: string;
    /** Folder of the index of this workspace. */
    readonly index: string;
    /** Folder for evaluations, owned by this service: emptied at start. */
    readonly scratch: string;
  };
  /** Host of the `index` worker; closed by who made it, after this service. */
  readonly worker: WorkerHost<IndexJobs>;
  readonly attachments: Attachments;
  readonly library: LibraryCollections;
  readonly bus: ChangeBus;
  readonly clock: Clock;
  readonly logger: Logger;
}

export type SearchMode = 'hybrid' | 'lexical' | 'vector';

export interface SearchRequest {
  readonly query: string;
  /** Names; all collections where none is given. */
  readonly collections?: readonly string[] | undefined;
  readonly k: number;
  readonly mode?: SearchMode;
}

export interface IndexOptions {
  readonly signal?: AbortSignal;
  readonly emit?: (event: IndexEvent) => Promise<void>;
}

/** Collections of documents and the search in them. Satisfies chat's `PassageSearch` and health's `HealthSource`. */
export class KnowledgeService {
  readonly #deps: KnowledgeDeps;
  readonly #store: KnowledgeStore;
  readonly #index: IndexHandle;
  readonly #indexer: Indexer;
  readonly #locks = new CollectionLocks();
  readonly #uploads = new Uploads();
  readonly #change: ChangeSignal;
  #resetting: Promise<void> | null = null;

  constructor(deps: KnowledgeDeps) {
    this.#deps = deps;
    this.#store = new KnowledgeStore(deps.db);
    this.#index = new IndexHandle({ dir: deps.paths.index, key: this.#store.indexKey() });
    this.#change = new ChangeSignal(deps.bus);
    const { worker, attachments, clock } = deps;
    const exclude = [deps.paths.dataDir];
    const [store, index] = [this.#store, this.#index];
    this.#indexer = new Indexer({ store, index, worker, attachments, clock, exclude });
  }

  /** Finishes what the last run of the engine left, and goes on indexing what it had not finished. Returns before that is done. */
  async start(): Promise<void> {
    const { attachments, paths } = this.#deps;
    await rm(paths.scratch, { recursive: true, force: true });
    await removeOrphans(this.#store, attachments);
    if (!this.#index.isUsable()) {
      // Damage waits for a person, who should know of it; another format is of our own making.
      if (this.#index.broken?.code !== 'knowledge/index-outdated') return;
      await this.#reset();
    }
    const known = new Set(this.#store.collections().map((collection) => collection.id));
    const strangers = this.#index.read((reader) =>
      [...reader.states().keys()].filter((id) => !known.has(id)),
    );
    if (strangers.length > 0) this.#inBackground('forgetting', this.#drop(strangers));
    this.#resume();
  }

  /** Stops indexing; what was committed stays. Afterwards the service can't be used. */
  async close(): Promise<void> {
    await this.#locks.stopAll();
    this.#uploads.close();
    this.#change.close();
    this.#index.close();
  }

  collections(): Collection[] {
    return viewCollections({ store: this.#store, index: this.#index, locks: this.#locks });
  }

  /** Errors: `knowledge/unknown-collection`, `knowledge/index-…`. */
  files(request: {
    readonly collection: string;
    readonly offset: number;
    readonly limit: number;
    readonly only: 'all' | 'problems';
  }): { files: KnowledgeFile[]; total: number } {
    const { id } = this.#find(request.collection);
    const { files, total } = this.#index.read((reader) => reader.files(id, request));
    return { files: files.map(viewFile), total };
  }

  /**
   * Adds files and folders to a collection and indexes them.
   *
   * Errors: `knowledge/path-missing` (none of the paths is there), `knowledge/inside-data-dir`,
   * `knowledge/read-only`, `knowledge/too-many-files`, `knowledge/cancelled`, `knowledge/index-…`.
   */
  async add(
    request: { readonly collection?: string | undefined; readonly paths: readonly string[] },
    options: IndexOptions = {},
  ): Promise<AddSummary> {
    const { found, missing } = await resolvePaths(request.paths, this.#deps.paths.dataDir);
    const collection = this.#findOrMake(request.collection ?? nameFor(found[0] ?? ''));
    for (const path of found) this.#store.addSource(collection.id, path);
    return this.#run(collection, { paths: [...found, ...missing] }, options);
  }

  /** Looks at all sources again. Errors: `knowledge/unknown-collection`, `knowledge/cancelled`. A broken index is made anew. */
  async reindex(
    request: { readonly collection: string; readonly rebuild: boolean },
    options: IndexOptions = {},
  ): Promise<AddSummary> {
    const collection = this.#find(request.collection);
    if (!this.#index.isUsable()) await this.#reset();
    const run = this.#run(collection, { all: true, rebuild: request.rebuild }, options);
    this.#resume();
    return run;
  }

  /**
   * Takes one piece of an upload; the last one stores and indexes the file.
   *
   * Errors: `knowledge/upload-order`, `knowledge/too-large`, `knowledge/too-many-uploads`,
   * `knowledge/read-only`, `knowledge/index-…`.
   */
  async upload(piece: {
    readonly collection: string;
    readonly uploadId: string;
    readonly path: string;
    readonly offset: number;
    /** Base64. */
    readonly data: string;
    readonly last: boolean;
  }): Promise<{ received: number; file: KnowledgeFile | null }> {
    if (this.#store.find(piece.collection)?.origin === 'library') throw readOnly(piece.collection);
    const bytes = Buffer.from(piece.data, 'base64');
    const { received, whole } = this.#uploads.take({ ...piece, bytes });
    if (!whole) return { received, file: null };
    const collection = this.#findOrMake(piece.collection);
    const deps = { ...this.#deps, store: this.#store, index: this.#index, indexer: this.#indexer };
    const file = await this.#locks.run(collection.id, null, () =>
      keepUpload(deps, collection, uploadPath(piece.path), whole),
    );
    this.#change.changed();
    return { received, file };
  }

  /** Forgets a collection and erases its words and uploads. Errors: `knowledge/unknown-collection`, `knowledge/read-only`. */
  async remove(name: string): Promise<{ files: number }> {
    const collection = this.#find(name);
    if (collection.origin === 'library') throw readOnly(collection.name);
    const files = await this.#removeCollection(collection);
    this.#change.changed();
    return { files };
  }

  /**
   * Best passages first; offsets and lines as in the contract.
   *
   * Errors: `knowledge/mode-unavailable`, `knowledge/unknown-collection`, `knowledge/not-indexed`,
   * `knowledge/index-…`.
   */
  async search(
    request: SearchRequest,
  ): Promise<{ ms: number; files: number; results: SearchResult[] }> {
    const { clock, attachments } = this.#deps;
    const started = clock.monotonic();
    const mode = request.mode ?? 'lexical';
    if (mode !== 'lexical') throw modeUnavailable(mode);
    await this.#resetting;
    const all = this.#store.collections();
    const wanted = request.collections?.map((name) => this.#find(name)) ?? all;
    const states = this.#index.read((reader) => reader.states());
    const ready = wanted.filter(({ id }) => states.has(id));
    const first = wanted[0];
    if (first && ready.length === 0) throw notIndexed(first.name);
    const names = new Map(all.map(({ id, name }) => [id, name]));
    const terms = searchTerms(request.query);
    const found = terms
      ? await findPassages(
          { index: this.#index, attachments, nameOf: (id) => names.get(id) ?? id },
          terms,
          ready.map(({ id }) => id),
          request.k,
        )
      : { files: 0, results: [] };
    return { ms: clock.monotonic() - started, ...found };
  }

  /** Errors: `knowledge/unknown-collection`, `knowledge/unknown-file`, `knowledge/source-gone`. */
  passage(request: PassageRequest & { readonly collection: string }): Promise<Passage> {
    const collection = this.#find(request.collection);
    return readPassage(this.#index, this.#deps.attachments, collection, request);
  }

  /** One folder for the path picker; the home folder where none is named. Errors: `knowledge/path-missing`. */
  browse(path?: string): Promise<Browsed> {
    return browse(path ?? homedir());
  }

  /** Scores retrieval on a BEIR folder. Errors: `knowledge/path-missing`, `knowledge/not-beir`. */
  async eval(dir: string, signal?: AbortSignal): Promise<EvalFigures> {
    if (!isAbsolute(dir)) throw pathMissing(dir);
    const { worker, paths } = this.#deps;
    return worker.run('eval', { dir, scratch: paths.scratch }, signal ? { signal } : {});
  }

  /** Brings the library's collections up to date: to be called after the library changed. Resolves when they are indexed. */
  async syncLibrary(signal?: AbortSignal): Promise<void> {
    const { clock, library } = this.#deps;
    const { present, gone } = matchLibrary(this.#store, await library.list(), clock.now());
    for (const collection of gone) await this.#removeCollection(collection);
    this.#change.changed();
    if (!this.#index.isUsable()) return;
    for (const collection of present) {
      await this.#run(collection, { all: true }, signal ? { signal } : {});
    }
  }

  async checks(): Promise<readonly Check[]> {
    return knowledgeChecks(this.collections(), this.#index.broken, this.#deps.worker.state);
  }

  #find(name: string): StoredCollection {
    const collection = this.#store.find(name);
    if (!collection) throw unknownCollection(name);
    return collection;
  }

  #findOrMake(name: string): StoredCollection {
    const known = this.#store.find(name);
    if (known?.origin === 'library') throw readOnly(known.name);
    return known ?? this.#store.create(name, 'local', this.#deps.clock.now());
  }

  #run(
    collection: StoredCollection,
    what: {
      readonly paths?: readonly string[];
      readonly all?: boolean;
      readonly rebuild?: boolean;
    },
    options: IndexOptions,
  ): Promise<AddSummary> {
    const { paths = [], all = false, rebuild = false } = what;
    const emit = async (event: IndexEvent): Promise<void> => {
      this.#change.changed();
      await options.emit?.(event);
    };
    return this.#locks
      .run(collection.id, options.signal ?? null, (signal) =>
        this.#indexer.run({ collection, paths, all, rebuild, signal, emit }),
      )
      .finally(() => this.#change.changed());
  }

  /** Goes on with collections that are not wholly indexed and that nobody is at. */
  #resume(): void {
    const states = this.#index.read((reader) => reader.states());
    for (const collection of this.#store.collections()) {
      if (states.get(collection.id) === 'complete' || this.#locks.isBusy(collection.id)) continue;
      this.#inBackground('indexing', this.#run(collection, { all: true }, {}));
    }
  }

  async #removeCollection(collection: StoredCollection): Promise<number> {
    const { attachments } = this.#deps;
    this.#locks.stop(collection.id);
    this.#store.remove(collection.id);
    return this.#locks.run(collection.id, null, async () => {
      await removeOrphans(this.#store, attachments);
      // Of a broken index nothing is left when it is made anew.
      return this.#index.isUsable() ? this.#drop([collection.id]) : 0;
    });
  }

  async #drop(collections: readonly string[]): Promise<number> {
    try {
      return await this.#deps.worker.run('drop', { shard: this.#index.place, collections });
    } catch (error) {
      this.#index.note(error);
      throw error;
    }
  }

  /** Begins an empty index; everything is indexed again afterwards. */
  #reset(): Promise<void> {
    this.#resetting ??= (async () => {
      await this.#locks.stopAll();
      const shard = this.#index.place;
      await this.#index.resetBy(() => this.#deps.worker.run('reset', { shard }));
    })().finally(() => {
      this.#resetting = null;
    });
    return this.#resetting;
  }

  #inBackground(what: string, work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      const code = error instanceof AppError ? error.code : 'internal';
      if (code === 'knowledge/cancelled' || code === 'worker/closed') return;
      this.#deps.logger.warn(`${what} in the background failed`, { code, error });
    });
  }
}
