import { AppError } from '../../../src-contract/app-error.ts';
import type { Logger } from './logger.ts';
import type { FromWorker, JobMap, ToWorker, WorkerFailure } from './worker-protocol.ts';

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

export interface RunOptions<P> {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: P) => void;
  /** The worker is killed after so many milliseconds. Without it a job may run for ever. */
  readonly timeoutMs?: number;
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
/** So many crashes within the window are a loop: stop feeding it for the time of the brake. */
const CRASH_LOOP_COUNT = 5;
const CRASH_LOOP_WINDOW_MS = 60_000;
const BRAKE_MS = 30_000;
/** A job may end a worker twice: once can be chance (memory, a signal), twice is the job. */
const MAX_ATTEMPTS = 2;
/** Time a job has to react to its cancellation before its worker is killed. */
const CANCEL_GRACE_MS = 2_000;
/** Jobs waiting for one worker. */
const MAX_QUEUE = 10_000;
const DEFAULT_IDLE_MS = 30_000;

interface Task {
  readonly id: number;
  readonly job: string;
  readonly input: unknown;
  readonly options: RunOptions<unknown>;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: unknown) => void;
  attempts: number;
  cancelled: boolean;
  timedOut: boolean;
  timers: NodeJS.Timeout[];
}

/**
 * Runs jobs one after the other in a supervised worker: started at the first job, restarted with
 * back-off after a crash, braked when it crashes in a loop. A job whose worker dies is tried once
 * more, then set aside (`worker/job-set-aside`), so jobs must be safe to repeat.
 *
 * Errors: what the job threw; `worker/cancelled`; `worker/timeout`; `worker/job-set-aside`;
 * `worker/crash-loop`; `worker/queue-full`; `worker/closed`.
 */
export class WorkerHost<J extends JobMap<J>> {
  readonly #options: WorkerHostOptions;
  readonly #queue: Task[] = [];
  #current: Task | null = null;
  #worker: WorkerHandle | null = null;
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
    if (this.#current) return { kind: 'running', queued: this.#queue.length };
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
      };
      options.signal?.addEventListener('abort', () => this.#cancel(task), { once: true });
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
          this.#worker?.kill();
        }, task.options.timeoutMs),
      );
    }
    this.#worker.post({ t: 'run', id: task.id, job: task.job, input: task.input });
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
      worker.onMessage((message) => this.#receive(worker, message));
      worker.onExit((reason) => this.#exited(worker, reason));
    } catch (error) {
      this.#crashed(error instanceof Error ? error.message : String(error));
    } finally {
      this.#starting = false;
    }
    this.#pump();
  }

  #receive(worker: WorkerHandle, message: FromWorker): void {
    const task = this.#current;
    if (worker !== this.#worker || message.t === 'ready' || task?.id !== message.id) return;
    switch (message.t) {
      case 'progress':
        if (!task.cancelled) task.options.onProgress?.(message.progress);
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

  #settle(task: Task, settle: () => void): void {
    this.#current = null;
    this.#crashesInRow = 0;
    clearTimers(task);
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
    if (task?.cancelled) {
      task.reject(cancelled());
      this.#pump();
      return;
    }
    if (task?.timedOut) {
      task.reject(timedOut(this.#options.name, task));
      this.#pump();
      return;
    }
    if (!task && this.#queue.length === 0) return;
    if (task) {
      if (task.attempts >= MAX_ATTEMPTS) task.reject(setAside(this.#options.name, task, reason));
      else this.#queue.unshift(task);
    }
    this.#crashed(reason);
  }

  #crashed(reason: string): void {
    const now = performance.now();
    this.#crashesInRow += 1;
    this.#crashes = [...this.#crashes.filter((at) => now - at < CRASH_LOOP_WINDOW_MS), now];
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
      task.reject(cancelled());
      return;
    }
    if (this.#current !== task) return;
    this.#worker?.post({ t: 'cancel', id: task.id });
    task.timers.push(setTimeout(() => this.#worker?.kill(), CANCEL_GRACE_MS));
  }

  #armIdle(): void {
    const idleMs = this.#options.idleMs ?? DEFAULT_IDLE_MS;
    if (idleMs === 0) return;
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
    for (const task of tasks) {
      clearTimers(task);
      task.reject(error);
    }
  }
}

function clearTimers(task: Task): void {
  for (const timer of task.timers) clearTimeout(timer);
  task.timers = [];
}

function toError(failure: WorkerFailure): Error {
  if (failure.kind === 'app') return AppError.fromShape(failure.shape);
  const error = new Error(failure.message);
  error.stack = failure.stack;
  return error;
}

function cancelled(): AppError {
  return new AppError('worker/cancelled', 'The work was cancelled.', {
    remedy: 'Nothing to do: start it again when you want it.',
  });
}

function timedOut(worker: string, task: Task): AppError {
  return new AppError(
    'worker/timeout',
    `The ${worker} worker did not finish "${task.job}" within ${task.options.timeoutMs ?? 0} ms.`,
    { remedy: 'Try again with less, or leave out what takes so long.', action: 'retry' },
  );
}

function setAside(worker: string, task: Task, reason: string): AppError {
  return new AppError(
    'worker/job-set-aside',
    `"${task.job}" ended its ${worker} worker twice (${reason}) and was set aside.`,
    { remedy: 'Leave out the file that causes it; the rest goes on.', data: { job: task.job } },
  );
}

function crashLoop(worker: string): AppError {
  return new AppError('worker/crash-loop', `The ${worker} worker keeps ending at its start.`, {
    remedy: 'Wait half a minute and try again; the logs (Health) say why it ended.',
    action: 'open-health',
  });
}

function queueFull(worker: string): AppError {
  return new AppError('worker/queue-full', `Too much work waits for the ${worker} worker.`, {
    remedy: 'Wait until some of it is done.',
    action: 'retry',
  });
}

function closed(worker: string): AppError {
  return new AppError('worker/closed', `The ${worker} worker was ended with the engine.`, {
    remedy: 'Start Carrel again; unfinished work is taken up again.',
  });
}
