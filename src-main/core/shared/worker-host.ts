import type { AppError } from '../../../src-contract/app-error.ts';
import type { Logger } from './logger.ts';
import {
  cancelled,
  closed,
  crashLoop,
  notCloneable,
  queueFull,
  setAside,
  timedOut,
} from './worker-errors.ts';
import type { FromWorker, JobMap, ToWorker } from './worker-protocol.ts';
import { clearTimers, letGo, toError, type RunOptions, type Task } from './worker-task.ts';

export type { RunOptions } from './worker-task.ts';

/** A running worker, whatever it runs in: a thread, a child process, a utility process. */
export interface WorkerHandle {
  post(message: ToWorker): void;
  onMessage(listener: (message: FromWorker) => void): void;
  /** Called once, however it ended. */
  onExit(listener: (reason: string) => void): void;
  /** Ends it at once, whatever it is doing. */
  kill(): void;
}

export type SpawnWorker = () => WorkerHandle | Promise<WorkerHandle>;

export interface WorkerHostOptions {
  /** For logs and errors: `git`, `index`. */
  readonly name: string;
  readonly spawn: SpawnWorker;
  readonly logger: Logger;
  /** Milliseconds without a job after which the worker is ended to give back its memory; 0 keeps it. */
  readonly idleMs?: number;
}

/** What a host is doing, for Health. */
export type WorkerHostState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly queued: number }
  | { readonly kind: 'restarting'; readonly attempt: number }
  | { readonly kind: 'braked'; readonly untilMs: number };

/** First wait before a restart; doubles with each crash in a row. */
const BACKOFF_FIRST_MS = 100;
const BACKOFF_MAX_MS = 10_000;
/**
 * So many crashes within the window, and no job done between them, are a loop: stop feeding it for
 * the time of the brake. One at the start counts twice, because no job is to blame for it: five of
 * those, or five jobs in a row that each ended their worker twice.
 */
const CRASH_LOOP_COUNT = 10;
const START_CRASH_COUNTS = 2;
const CRASH_LOOP_WINDOW_MS = 60_000;
const BRAKE_MS = 30_000;
/** A job may end a worker twice: once can be chance (memory, a signal), twice is the job. */
const MAX_ATTEMPTS = 2;
/** Time a job has to react to its cancellation before its worker is killed. */
const CANCEL_GRACE_MS = 2_000;
/** Jobs waiting for one worker. */
const MAX_QUEUE = 10_000;
const DEFAULT_IDLE_MS = 30_000;

/**
 * Runs jobs one after the other in a supervised worker: started at the first job, restarted with
 * back-off after a crash, braked when it crashes in a loop. A job whose worker dies is tried once
 * more, then set aside (`worker/job-set-aside`), so jobs must be safe to repeat. A job that is done
 * before it heard of its cancellation gives its result: what happened is not called cancelled.
 *
 * Errors: what the job threw (an AppError as it is, others with message and code);
 * `worker/cancelled`; `worker/timeout`; `worker/job-set-aside`; `worker/crash-loop`;
 * `worker/queue-full`; `worker/bad-input`; `worker/closed`.
 */
export class WorkerHost<J extends JobMap<J>> {
  readonly #options: WorkerHostOptions;
  readonly #queue: Task[] = [];
  #current: Task | null = null;
  #worker: WorkerHandle | null = null;
  /** The worker said that it is there: what ends it from now on is its job. */
  #isReady = false;
  /** It was killed and has not ended yet: what it still says does not count, and it gets no more work. */
  #isDying = false;
  #starting = false;
  #crashes: number[] = [];
  #crashesInRow = 0;
  #brakedUntil = 0;
  #restartTimer: NodeJS.Timeout | null = null;
  #idleTimer: NodeJS.Timeout | null = null;
  #nextId = 1;
  #closed = false;

  constructor(options: WorkerHostOptions) {
    this.#options = options;
  }

  get state(): WorkerHostState {
    if (performance.now() < this.#brakedUntil) {
      return { kind: 'braked', untilMs: this.#brakedUntil };
    }
    if (this.#restartTimer) return { kind: 'restarting', attempt: this.#crashesInRow };
    if (this.#current || this.#queue.length > 0) {
      return { kind: 'running', queued: this.#queue.length };
    }
    return { kind: 'idle' };
  }

  run<K extends keyof J & string>(
    job: K,
    input: J[K]['input'],
    options: RunOptions<J[K]['progress']> = {},
  ): Promise<J[K]['output']> {
    const name = this.#options.name;
    if (this.#closed) return Promise.reject(closed(name));
    if (performance.now() < this.#brakedUntil) return Promise.reject(crashLoop(name));
    if (this.#queue.length >= MAX_QUEUE) return Promise.reject(queueFull(name));
    if (options.signal?.aborted) return Promise.reject(cancelled());
    return new Promise<J[K]['output']>((resolve, reject) => {
      const task: Task = {
        id: this.#nextId++,
        job,
        input,
        options,
        resolve,
        reject,
        attempts: 0,
        cancelled: false,
        timedOut: false,
        timers: [],
        onAbort: () => this.#cancel(task),
      };
      options.signal?.addEventListener('abort', task.onAbort, { once: true });
      this.#queue.push(task);
      this.#pump();
    });
  }

  /** Ends the worker; what waits or runs fails with `worker/closed`. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#restartTimer) clearTimeout(this.#restartTimer);
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    this.#failAll(closed(this.#options.name));
    this.#worker?.kill();
    this.#worker = null;
  }

  #pump(): void {
    if (this.#current || this.#queue.length === 0 || this.#restartTimer || this.#closed) return;
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
    if (!this.#worker) {
      void this.#start();
      return;
    }
    const task = this.#queue.shift();
    if (!task) return;
    this.#current = task;
    task.attempts += 1;
    if (task.options.timeoutMs) {
      task.timers.push(
        setTimeout(() => {
          task.timedOut = true;
          this.#kill();
        }, task.options.timeoutMs),
      );
    }
    try {
      this.#worker.post({ t: 'run', id: task.id, job: task.job, input: task.input });
    } catch (error) {
      const refused = notCloneable(this.#options.name, task.job, error);
      this.#settle(task, () => task.reject(refused));
    }
  }

  #kill(): void {
    this.#isDying = true;
    this.#worker?.kill();
  }

  async #start(): Promise<void> {
    if (this.#starting) return;
    this.#starting = true;
    try {
      const worker = await this.#options.spawn();
      if (this.#closed) {
        worker.kill();
        return;
      }
      this.#worker = worker;
      this.#isReady = false;
      this.#isDying = false;
      worker.onMessage((message) => this.#receive(worker, message));
      worker.onExit((reason) => this.#exited(worker, reason));
      // All who waited may have gone meanwhile.
      if (this.#queue.length === 0) this.#armIdle();
    } catch (error) {
      this.#crashed(error instanceof Error ? error.message : String(error), START_CRASH_COUNTS);
    } finally {
      this.#starting = false;
    }
    this.#pump();
  }

  #receive(worker: WorkerHandle, message: FromWorker): void {
    if (worker !== this.#worker || this.#isDying) return;
    if (message.t === 'ready') {
      this.#isReady = true;
      return;
    }
    const task = this.#current;
    if (task?.id !== message.id) return;
    switch (message.t) {
      case 'progress':
        if (!task.cancelled) this.#report(task, message.progress);
        return;
      case 'done':
        this.#settle(task, () => task.resolve(message.output));
        return;
      case 'failed': {
        const error = task.cancelled ? cancelled() : toError(message.error);
        this.#settle(task, () => task.reject(error));
        return;
      }
    }
  }

  /** A listener that throws must not end the engine, nor the job that it listens to. */
  #report(task: Task, progress: unknown): void {
    try {
      task.options.onProgress?.(progress);
    } catch (error) {
      this.#options.logger.warn('a listener of progress failed', { job: task.job, error });
    }
  }

  #settle(task: Task, settle: () => void): void {
    this.#current = null;
    this.#crashesInRow = 0;
    this.#crashes = [];
    letGo(task);
    settle();
    if (this.#queue.length === 0) this.#armIdle();
    this.#pump();
  }

  #exited(worker: WorkerHandle, reason: string): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    const task = this.#current;
    this.#current = null;
    if (this.#closed) return;
    if (task) clearTimers(task);
    if (task && (task.cancelled || task.timedOut)) {
      this.#reject(task, task.cancelled ? cancelled() : this.#timedOut(task));
      this.#pump();
      return;
    }
    if (!task && this.#queue.length === 0) return;
    if (task) this.#retryOrSetAside(task, reason);
    this.#crashed(reason, this.#isReady ? 1 : START_CRASH_COUNTS);
  }

  #retryOrSetAside(task: Task, reason: string): void {
    // A worker that was never there did not end because of its job.
    if (!this.#isReady) task.attempts -= 1;
    if (task.attempts < MAX_ATTEMPTS) this.#queue.unshift(task);
    else this.#reject(task, setAside(this.#options.name, task.job, reason));
  }

  #timedOut(task: Task): AppError {
    return timedOut(this.#options.name, task.job, task.options.timeoutMs ?? 0);
  }

  #reject(task: Task, error: AppError): void {
    letGo(task);
    task.reject(error);
  }

  #crashed(reason: string, counts: number): void {
    const now = performance.now();
    this.#crashesInRow += 1;
    const recent = this.#crashes.filter((at) => now - at < CRASH_LOOP_WINDOW_MS);
    this.#crashes = [...recent, ...Array.from({ length: counts }, () => now)];
    this.#options.logger.warn('worker ended unexpectedly', {
      worker: this.#options.name,
      reason,
      inRow: this.#crashesInRow,
    });
    if (this.#crashes.length >= CRASH_LOOP_COUNT) {
      this.#brakedUntil = now + BRAKE_MS;
      this.#crashes = [];
      this.#crashesInRow = 0;
      this.#failAll(crashLoop(this.#options.name));
      return;
    }
    const wait = Math.min(BACKOFF_FIRST_MS * 2 ** (this.#crashesInRow - 1), BACKOFF_MAX_MS);
    this.#restartTimer = setTimeout(() => {
      this.#restartTimer = null;
      this.#pump();
    }, wait);
  }

  #cancel(task: Task): void {
    if (task.cancelled) return;
    task.cancelled = true;
    const waiting = this.#queue.indexOf(task);
    if (waiting >= 0) {
      this.#queue.splice(waiting, 1);
      this.#reject(task, cancelled());
      return;
    }
    if (this.#current !== task) return;
    this.#worker?.post({ t: 'cancel', id: task.id });
    task.timers.push(setTimeout(() => this.#kill(), CANCEL_GRACE_MS));
  }

  #armIdle(): void {
    const idleMs = this.#options.idleMs ?? DEFAULT_IDLE_MS;
    if (idleMs === 0) return;
    if (this.#idleTimer) clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => {
      const worker = this.#worker;
      this.#worker = null;
      worker?.kill();
    }, idleMs);
    this.#idleTimer.unref();
  }

  #failAll(error: AppError): void {
    const tasks = [...(this.#current ? [this.#current] : []), ...this.#queue];
    this.#current = null;
    this.#queue.length = 0;
    for (const task of tasks) this.#reject(task, error);
  }
}
