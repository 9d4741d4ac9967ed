import { readdir } from 'node:fs/promises';
import { AppError, type ErrorShape } from '../../../../src-contract/app-error.ts';
import type { LibraryState, WorkPhase } from '../../../../src-contract/library.ts';
import type { RunOptions as HostOptions } from '../../shared/worker-host.ts';
import { alreadyConnected, busy, noLibrary } from '../errors.ts';
import type { LibraryDirs } from '../git-jobs.ts';
import { unfinished } from '../git/places.ts';
import type { Overview, Progress } from '../sync-jobs.ts';
import type { LibraryDeps } from './deps.ts';
import { isAboutTheRequest, isUnreached, restingState, shapeOf } from './state.ts';

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Nobody waits for it: it gives way to whatever a person asks for. */
  readonly background?: boolean;
}

/** How the last attempt to speak with the remote ended. A new object each time. */
export interface Attempt {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly outcome: 'ok' | 'offline' | 'failed';
}

/** How a piece of work runs in the worker of changes. */
export type Run = HostOptions<Progress>;

interface Plan<T> {
  readonly phase: WorkPhase;
  /** It speaks with the remote, so how it ends tells how the remote is. */
  readonly asksRemote: boolean;
  readonly options: RunOptions;
  readonly work: (run: Run) => Promise<T>;
  /** What a finished work says of the remote: it may be done and still wait for it. */
  readonly unsent?: (result: T) => ErrorShape | null;
}

interface Current {
  readonly settled: Promise<unknown>;
  /** Ends background work; null for what a person asked for. */
  readonly giveWay: (() => void) | null;
}

type Working = Extract<LibraryState, { kind: WorkPhase }>;

/**
 * What the library is doing and how the last attempt ended. Whatever changes the library goes through
 * `run`, one at a time; what one left half done is finished or undone before the next.
 */
export class LibraryWork {
  readonly #deps: LibraryDeps;
  #working: Working | null = null;
  /** Of the last attempt, or of opening; null when that went well. */
  #trouble: ErrorShape | null = null;
  #overview: Overview | null = null;
  #opening: Promise<void> | null = null;
  #openError: unknown = null;
  #current: Current | null = null;
  #attempt: Attempt | null = null;

  constructor(deps: LibraryDeps) {
    this.#deps = deps;
  }

  get state(): LibraryState {
    return this.#working ?? restingState(this.#overview, this.#trouble);
  }

  /** As of the last look; null without a library. */
  get overview(): Overview | null {
    return this.#overview;
  }

  /** Whether something runs. */
  get isBusy(): boolean {
    return this.#current !== null;
  }

  get attempt(): Attempt | null {
    return this.#attempt;
  }

  /** Takes up what an earlier run left; a failure becomes the state, and the next call tries again. */
  async start(): Promise<void> {
    this.#opening ??= this.#open();
    await this.#opening;
  }

  /** Reads what is on disk; the last known stays while something runs. Errors: those of the job `overview`. */
  async look(signal?: AbortSignal): Promise<void> {
    if (!this.#overview || this.#working) return;
    const { reads, dirs } = this.#deps;
    const seen = await reads.run('overview', { dirs }, { ...(signal && { signal }) });
    if (!this.#working) this.#overview = seen;
  }

  /** The library, for what needs one. Errors: `library/none` (`library/busy` while it comes), what kept it from opening. */
  async needed(): Promise<Overview> {
    await this.start();
    if (this.#openError) throw this.#openError;
    if (this.#overview) return this.#overview;
    throw this.#current ? busy() : noLibrary();
  }

  /** Errors: `library/already-connected`, what kept a library from opening. */
  async neededNone(): Promise<void> {
    await this.start();
    if (this.#openError) throw this.#openError;
    if (this.#overview) throw alreadyConnected();
  }

  /** The remote is entered in another way from now on: what it said before counts no more. */
  forgetTrouble(): void {
    if (this.#openError) return;
    this.#trouble = null;
    this.#attempt = null;
    this.#deps.bus.changed('library');
  }

  /**
   * Runs one piece of work that changes the library, alone. Errors: `library/busy`,
   * `worker/cancelled`, those of the work; after each the library is whole.
   */
  async run<T>(plan: Plan<T>): Promise<T> {
    const { signal } = plan.options;
    while (this.#current) {
      if (!this.#current.giveWay || plan.options.background) throw busy();
      this.#current.giveWay();
      await this.#current.settled;
    }
    const ending = plan.options.background ? new AbortController() : null;
    const signals = [signal, ending?.signal].filter((one) => one !== undefined);
    const running = this.#run(plan, signals.length > 0 ? AbortSignal.any(signals) : undefined);
    const current: Current = {
      settled: running.catch(() => undefined),
      giveWay: ending && (() => ending.abort()),
    };
    this.#current = current;
    try {
      return await running;
    } finally {
      if (this.#current === current) this.#current = null;
      this.#deps.bus.changed('library');
    }
  }

  async #run<T>(plan: Plan<T>, signal: AbortSignal | undefined): Promise<T> {
    const { dirs, reads, logger } = this.#deps;
    this.#enter({ kind: plan.phase, done: 0, total: null });
    const onProgress = (progress: Progress): void => {
      const { phase, done, total } = progress;
      this.#enter({ kind: phase, done, total });
      plan.options.onProgress?.(progress);
    };
    try {
      const result = await plan.work({ onProgress, ...(signal && { signal }) });
      this.#overview = await reads.run('overview', { dirs });
      if (plan.asksRemote) this.#remember(plan.unsent?.(result) ?? null);
      return result;
    } catch (error) {
      // The engine ends; the next start takes up what this left.
      if (error instanceof AppError && error.code === 'worker/closed') throw error;
      const before = this.#trouble;
      logger.warn('the library was not changed', { error });
      // An accepted version is written to its end, anything less is taken back.
      await this.#open();
      if (!this.#openError) {
        if (plan.asksRemote && !isAboutTheRequest(error)) this.#remember(shapeOf(error));
        else this.#trouble = before;
      }
      throw error;
    } finally {
      this.#working = null;
    }
  }

  /** What an attempt says of the remote. A library without one is never asked. */
  #remember(told: ErrorShape | null): void {
    // The remote did answer, and what it has waits for a person: the overview tells it.
    const trouble = told?.code === 'library/held' ? null : told;
    this.#trouble = trouble;
    const isAway = trouble !== null && isUnreached(trouble, this.#overview?.url ?? null);
    const outcome = trouble === null ? 'ok' : isAway ? 'offline' : 'failed';
    this.#attempt = { at: this.#deps.clock.now(), outcome };
  }

  async #open(): Promise<void> {
    const { dirs, sync, logger } = this.#deps;
    try {
      // Without a library there is nothing to look at, so no worker is started for it.
      this.#overview = (await hasTraces(dirs)) ? await sync.run('open', { dirs }) : null;
      this.#openError = null;
      this.#trouble = null;
    } catch (error) {
      this.#opening = null;
      this.#openError = error;
      this.#trouble = shapeOf(error);
      logger.error('the library did not open', { error });
    }
  }

  /** Windows are told when a phase begins; how far it is goes to the caller's own stream. */
  #enter(next: Working): void {
    const isNew = !this.#working || this.#working.kind !== next.kind;
    this.#working = next;
    if (isNew) this.#deps.bus.changed('library');
  }
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
