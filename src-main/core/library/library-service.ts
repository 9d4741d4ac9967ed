import type {
  Conflict,
  ConflictDetail,
  Item,
  ItemDetail,
  ItemKind,
  LibraryAccess,
  LibraryState,
  LibraryStatus,
  ParsedItem,
  TrashEntry,
  Version,
} from '../../../src-contract/library.ts';
import type { GitJobs } from './git-jobs.ts';
import type { Exchanged, Written } from './item-jobs.ts';
import type { Overview } from './sync-jobs.ts';
import { addressOf, isSameHost, RemoteDoor, type AccessShown } from './service/access.ts';
import { conflict, conflicts, discard, resolve } from './service/conflicts.ts';
import type { JobInput, LibraryCore } from './service/core.ts';
import type { LibraryDeps } from './service/deps.ts';
import { edit, item, items, read } from './service/items.ts';
import * as publishing from './service/publish.ts';
import { restingState, shapeOf } from './service/state.ts';
import * as syncing from './service/sync.ts';
import { LibraryWork, type Attempt, type RunOptions } from './service/work.ts';

export type { LibraryDeps } from './service/deps.ts';
export type { LibraryResult, LibrarySource, UpdateResult } from './service/sync.ts';
export type { PublishResult } from './service/publish.ts';
export type { Attempt, RunOptions } from './service/work.ts';

type TrustHostInput = Omit<GitJobs['trustHost']['input'], 'ssh'>;

/**
 * The library of one workspace: one method per route, one file per group of verbs in `service/`.
 * What changes the library as a whole runs one at a time (`library/busy`); reads and edits of single
 * items run beside it. Every method but `status` rejects with what kept the library from opening.
 */
export class LibraryService {
  readonly #core: LibraryCore;

  constructor(deps: LibraryDeps) {
    this.#core = { deps, work: new LibraryWork(deps), door: new RemoteDoor(deps) };
  }

  /** Takes up what an earlier run left; a failure becomes the state, and the next call tries again. */
  start(): Promise<void> {
    return this.#core.work.start();
  }

  get state(): LibraryState {
    return this.#core.work.state;
  }

  /** Paths of the team's version that are not written here, as of the last look. */
  get refused(): Overview['refused'] {
    return this.#core.work.overview?.refused ?? [];
  }

  /** What the schedule of checks goes by, as of the last look. */
  get remote(): {
    readonly url: string | null;
    readonly queued: number;
    readonly last: Attempt | null;
  } {
    const { overview, attempt } = this.#core.work;
    return { url: overview?.url ?? null, queued: overview?.queued ?? 0, last: attempt };
  }

  /** State, version and counts as they are on disk; the last known counts while something runs. */
  async status(): Promise<LibraryStatus> {
    const { work, deps } = this.#core;
    await work.start();
    try {
      await work.look();
    } catch (error) {
      deps.logger.warn('the library can not be read', { error });
      const state = restingState(null, shapeOf(error));
      return { ...syncing.currentStatus(this.#core), state };
    }
    return syncing.currentStatus(this.#core);
  }

  /**
   * Gives the workspace its library. Errors: `library/already-connected`, `library/busy`, those of
   * `parseRemote` and of the jobs `clone` and `starter`. After an error there is no library.
   */
  connect(source: syncing.LibrarySource, options: RunOptions = {}): Promise<syncing.LibraryResult> {
    return syncing.connect(this.#core, source, options);
  }

  setRemote(url: string): Promise<LibraryStatus> {
    return syncing.setRemote(this.#core, url);
  }

  check(options: syncing.CheckOptions = {}): Promise<syncing.LibraryResult> {
    return syncing.check(this.#core, options);
  }

  update(options: syncing.UpdateOptions = {}): Promise<syncing.UpdateResult> {
    return syncing.update(this.#core, options);
  }

  preview(signal?: AbortSignal): Promise<GitJobs['preview']['output']> {
    return publishing.preview(this.#core, signal);
  }

  publish(options: publishing.PublishOptions): Promise<publishing.PublishResult> {
    return publishing.publish(this.#core, options);
  }

  rollback(options: publishing.RollbackOptions): Promise<publishing.PublishResult> {
    return publishing.rollback(this.#core, options);
  }

  conflicts(signal?: AbortSignal): Promise<readonly Conflict[]> {
    return conflicts(this.#core, signal);
  }

  conflict(path: string, signal?: AbortSignal): Promise<ConflictDetail> {
    return conflict(this.#core, path, signal);
  }

  resolve(path: string, take: GitJobs['resolve']['input']['take']): Promise<LibraryStatus> {
    return resolve(this.#core, path, take);
  }

  discard(path: string): Promise<readonly TrashEntry[]> {
    return discard(this.#core, path);
  }

  items(kind?: ItemKind, signal?: AbortSignal): Promise<readonly Item[]> {
    return items(this.#core, kind ?? null, signal);
  }

  item(path: string, signal?: AbortSignal): Promise<ItemDetail> {
    return item(this.#core, path, signal);
  }

  /** Needs no library: the preview of a text that is being written. */
  parse(path: string, content: string, signal?: AbortSignal): Promise<ParsedItem> {
    return this.#core.deps.reads.run('parse', { path, content }, { ...(signal && { signal }) });
  }

  create(input: JobInput<'create'>): Promise<Written> {
    return edit(this.#core, 'create', input);
  }

  save(input: JobInput<'save'>): Promise<Written> {
    return edit(this.#core, 'save', input);
  }

  rename(input: JobInput<'rename'>): Promise<Written> {
    return edit(this.#core, 'rename', input);
  }

  remove(path: string): Promise<readonly TrashEntry[]> {
    return edit(this.#core, 'remove', { path, now: this.#core.deps.clock.now() });
  }

  restore(id: string): Promise<Written> {
    return edit(this.#core, 'restore', { id });
  }

  trash(signal?: AbortSignal): Promise<readonly TrashEntry[]> {
    return read(this.#core, 'trash', {}, signal);
  }

  /** Versions, newest first, at most `limit`. */
  log(
    limit: number,
    path: string | null = null,
    signal?: AbortSignal,
  ): Promise<readonly Version[]> {
    return read(this.#core, 'log', { limit, path }, signal);
  }

  show(version: string, signal?: AbortSignal): Promise<GitJobs['show']['output']> {
    return read(this.#core, 'show', { version }, signal);
  }

  at(version: string, path: string, signal?: AbortSignal): Promise<GitJobs['at']['output']> {
    return read(this.#core, 'at', { version, path }, signal);
  }

  diff(input: JobInput<'diff'>, signal?: AbortSignal): Promise<GitJobs['diff']['output']> {
    return read(this.#core, 'diff', input, signal);
  }

  export(input: JobInput<'export'>): Promise<Exchanged> {
    return read(this.#core, 'export', input, undefined);
  }

  import(from: string): Promise<Exchanged> {
    return edit(this.#core, 'import', { from });
  }

  /** How a remote is entered, secrets left out. Errors: `library/no-address`, those of `parseRemote`. */
  async access(url?: string): Promise<AccessShown> {
    await this.start();
    return this.#core.door.show(addressOf(url, this.remote.url));
  }

  /** Errors: `library/access-mismatch`, `library/bad-key-file`, those of `parseRemote`. */
  async setAccess(url: string, access: LibraryAccess): Promise<void> {
    const { door, work } = this.#core;
    await door.keep(url, access);
    await work.start();
    const own = this.remote.url;
    if (own === null || isSameHost(own, url)) work.forgetTrouble();
  }
  /** Errors: `library/host-changed` where the host shows another key, those of the connection. */
  async trustHost(input: TrustHostInput): Promise<{ readonly trustedAt: number }> {
    const { deps, door, work } = this.#core;
    await deps.sync.run('trustHost', { ...input, ssh: door.ssh(null) });
    await work.start();
    work.forgetTrouble();
    return { trustedAt: deps.clock.now() };
  }
}
