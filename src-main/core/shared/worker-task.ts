import { AppError } from '../../../src-contract/app-error.ts';
import type { WorkerFailure } from './worker-protocol.ts';

export interface RunOptions<P> {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: P) => void;
  /** The worker is killed after so many milliseconds. Without it a job may run for ever. */
  readonly timeoutMs?: number;
}

/** One job on its way through a host. */
export interface Task {
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
  readonly onAbort: () => void;
}

export function clearTimers(task: Task): void {
  for (const timer of task.timers) clearTimeout(timer);
  task.timers = [];
}

/** Nothing of a task that is over is kept by its timers or by the signal of its caller. */
export function letGo(task: Task): void {
  clearTimers(task);
  task.options.signal?.removeEventListener('abort', task.onAbort);
}

/** What the worker's side caught, as an error again: an AppError with its shape, others with their code. */
export function toError(failure: WorkerFailure): Error {
  if (failure.kind === 'app') return AppError.fromShape(failure.shape);
  const error = new Error(failure.message);
  error.stack = failure.stack;
  return failure.code === undefined ? error : Object.assign(error, { code: failure.code });
}
