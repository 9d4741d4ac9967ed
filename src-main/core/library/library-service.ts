import { readdir } from 'node:fs/promises';
import { AppError, type ErrorShape } from '../../../src-contract/app-error.ts';
import type {
  Item,
  ItemDetail,
  ItemKind,
  LibraryState,
  LibraryStatus,
  UpdateSummary,
} from '../../../src-contract/library.ts';
import type { ChangeBus } from '../shared/change-bus.ts';
import type { Clock } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
import type { RunOptions as HostOptions, WorkerHost } from '../shared/worker-host.ts';
import { alreadyConnected, busy, noLibrary, unknownItem } from './errors.ts';
import type { GitJobs, LibraryDirs, Overview, Progress, Version } from './git-jobs.ts';
import type { RemoteSecrets } from './ports.ts';
import { CredentialStore } from './credential-store.ts';
import { unfinished } from './git/places.ts';
import { parseRemote } from './remote-url.ts';

export interface LibraryDeps {
  readonly dirs: LibraryDirs;
  /** Folder of the bundled starter library. */
  readonly starterDir: string;
  /** Worker for what changes the library. */
  readonly sync: WorkerHost<GitJobs>;
  /** Worker for what only reads, so that lists answer while a clone runs; may be the same. */
  readonly reads: WorkerHost<GitJobs>;
  /** Null keeps credentials in memory only, until the engine ends. */
  readonly secrets: RemoteSecrets | null;
  readonly bus: ChangeBus;
  readonly clock: Clock;
  readonly logger: Logger;
}

export type LibrarySource =
  { readonly kind: 'starter' } | { readonly kind: 'remote'; readonly url: string };

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface LibraryResult {
  readonly status: LibraryStatus;
  readonly summary: UpdateSummary | null;
}

export interface UpdateResult {
  readonly status: LibraryStatus;
  readonly summary: UpdateSummary;
}

type Run = HostOptions<Progress>;

type Working = Extract<LibraryState, { kind: 'working' }>;

const WORKING: Working = { kind: 'working', phase: 'checking', done: 0, total: null };

/**
 * The library of one workspace: its state, its items, and the two verbs that change it. One of these
 * at a time (`library/busy`); what one left half done is finished or undone before the next.
 */
export class LibraryService {
  readonly #deps: LibraryDeps;
  readonly #credentials: CredentialStore;
  #state: LibraryState = { kind: 'none' };
  #overview: Overview | null = null;
  #opening: Promise<void> | null = null;
  #openError: unknown = null;
  #operation: Promise<unknown> | null = null;

  constructor(deps: LibraryDeps) {
    this.#deps = deps;
    this.#credentials = new CredentialStore(deps.secrets);
  }

  /** Takes up what an earlier run left; a failure becomes the state, and the next call tries again. */
  async start(): Promise<void> {
    this.#opening ??= this.#open();
    await this.#opening;
  }

  get state(): LibraryState {
    return this.#state;
  }

  /** Paths of the team's version that are not written here, as of the last look. */
  get refused(): Overview['refused'] {
    return this.#overview?.refused ?? [];
  }

  /** State, version and counts as they are on disk; the last known counts while something runs. */
  async status(): Promise<LibraryStatus> {
    await this.start();
    const { dirs, reads, logger } = this.#deps;
    if (!this.#overview || this.#state.kind === 'working') return this.#status();
    try {
      this.#overview = await reads.run('overview', { dirs });
    } catch (error) {
      logger.warn('the library can not be read', { error });
      return { ...this.#status(), state: failed(error) };
    }
    return this.#status();
  }

  /**
   * Gives the workspace its library. Errors: `library/already-connected`, `library/busy`, those of
   * `parseRemote` and of the jobs `clone` and `starter`. After an error there is no library.
   */
  async connect(source: LibrarySource, options: RunOptions = {}): Promise<LibraryResult> {
    await this.#ready();
    if (this.#overview) throw alreadyConnected();
    const { dirs, starterDir, sync, clock } = this.#deps;
    if (source.kind === 'starter') {
      await this.#exclusive(options, (run) => sync.run('starter', { dirs, starterDir }, run));
      return { status: this.#status(), summary: null };
    }
    const remote = parseRemote(source.url);
    const given = remote.kind === 'http' ? remote.credentials : null;
    await this.#exclusive(options, async (run) => {
      const credentials = given ?? (await this.#credentials.of(remote.url));
      const input = { dirs, url: remote.url, credentials, now: clock.now() };
      await sync.run('clone', input, run);
      if (given) await this.#credentials.keep(remote.url, given);
    });
    return { status: this.#status(), summary: null };
  }

  /**
   * Fetches and fast-forwards. A locally edited file is never touched: it is listed in `kept`.
   * Errors: `library/none`, `library/busy`, `library/offline`, `library/diverged` and the others of the
   * job `update`. After an error the library is as it was.
   */
  async update(options: RunOptions = {}): Promise<UpdateResult> {
    await this.#ready();
    if (!this.#overview) throw noLibrary();
    const { url } = this.#overview;
    const { dirs, sync, clock } = this.#deps;
    const advance = await this.#exclusive(options, async (run) => {
      const credentials = url === null ? null : await this.#credentials.of(url);
      return sync.run('update', { dirs, credentials, now: clock.now() }, run);
    });
    const summary = { ...advance, changed: [...advance.changed], kept: [...advance.kept] };
    return { status: this.#status(), summary };
  }

  /** Items by path; none without a library. */
  async items(kind?: ItemKind): Promise<readonly Item[]> {
    await this.start();
    if (!this.#overview) return [];
    return this.#deps.reads.run('items', { dirs: this.#deps.dirs, kind: kind ?? null });
  }

  /** One item by its path, parsed. Errors: `library/unknown-item`. */
  async item(path: string): Promise<ItemDetail> {
    await this.start();
    if (!this.#overview) throw unknownItem(path);
    const item = await this.#deps.reads.run('item', { dirs: this.#deps.dirs, path });
    if (!item) throw unknownItem(path);
    return item;
  }

  /** Versions, newest first, at most `limit`. Errors: `library/none`. */
  async log(limit: number): Promise<readonly Version[]> {
    await this.start();
    if (!this.#overview) throw noLibrary();
    return this.#deps.reads.run('log', { dirs: this.#deps.dirs, limit });
  }

  async #open(): Promise<void> {
    const { dirs, sync, logger } = this.#deps;
    try {
      // Without a library there is nothing to look at, so no worker is started for it.
      this.#overview = (await hasTraces(dirs)) ? await sync.run('open', { dirs }) : null;
      this.#openError = null;
      this.#state = this.#overview ? { kind: 'idle' } : { kind: 'none' };
    } catch (error) {
      this.#opening = null;
      this.#openError = error;
      this.#state = failed(error);
      logger.error('the library did not open', { error });
    }
  }

  /** For what changes the library: opened without an error, and nothing else running. */
  async #ready(): Promise<void> {
    await this.start();
    if (this.#openError) throw this.#openError;
    if (this.#operation) throw busy();
  }

  async #exclusive<T>(options: RunOptions, work: (run: Run) => Promise<T>): Promise<T> {
    const operation = this.#run(options, work);
    this.#operation = operation;
    try {
      return await operation;
    } finally {
      this.#operation = null;
      this.#deps.bus.changed('library');
    }
  }

  async #run<T>(options: RunOptions, work: (run: Run) => Promise<T>): Promise<T> {
    const { dirs, reads, logger } = this.#deps;
    this.#enter(WORKING);
    const onProgress = (progress: Progress): void => {
      this.#enter({ kind: 'working', ...progress });
      options.onProgress?.(progress);
    };
    try {
      const result = await work({ onProgress, ...(options.signal && { signal: options.signal }) });
      this.#overview = await reads.run('overview', { dirs });
      this.#state = this.#overview ? { kind: 'idle' } : { kind: 'none' };
      return result;
    } catch (error) {
      logger.warn('the library was not changed', { error });
      // An accepted version is written to its end, anything less is taken back.
      await this.#open();
      const wasCancelled = error instanceof AppError && error.code === 'worker/cancelled';
      if (!this.#openError && !wasCancelled) this.#state = failed(error);
      throw error;
    }
  }

  /** Windows are told when a phase begins; how far it is goes to the caller's own stream. */
  #enter(state: Working): void {
    const before = this.#state;
    this.#state = state;
    if (before.kind !== 'working' || before.phase !== state.phase)
      this.#deps.bus.changed('library');
  }

  #status(): LibraryStatus {
    const known = this.#overview;
    return {
      state: this.#state,
      name: known?.name ?? '',
      url: known?.url ?? null,
      version: known?.version ?? null,
      items: known?.items ?? 0,
      edited: known?.edited ?? 0,
      trust: 'unverified',
      checkedAt: known?.checkedAt ?? null,
    };
  }
}

function failed(error: unknown): LibraryState {
  const shape: ErrorShape =
    error instanceof AppError
      ? error.toShape()
      : {
          code: 'internal',
          message: 'The library ran into an error that Carrel did not expect.',
          remedy: 'Try again. If it stays, the logs (Health) tell more.',
          action: 'open-health',
        };
  return { kind: 'failed', error: { ...shape, ...(shape.data && { data: { ...shape.data } }) } };
}

/** Whether there is a library, or what an interrupted operation left of one. */
async function hasTraces({ library, journal }: LibraryDirs): Promise<boolean> {
  for (const dir of [library, unfinished(library), journal]) {
    try {
      if ((await readdir(dir)).length > 0) return true;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return false;
}
