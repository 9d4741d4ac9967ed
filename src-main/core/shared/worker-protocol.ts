import type { ErrorShape } from '../../../src-contract/app-error.ts';

/** One kind of work a worker does: what goes in, what comes out, what it reports on the way. All cloneable. */
export interface Job<I = unknown, O = unknown, P = unknown> {
  readonly input: I;
  readonly output: O;
  readonly progress: P;
}

/** The jobs of one worker kind by name; an interface per feature, shared by both sides. */
export type JobMap<J> = { readonly [K in keyof J]: Job };

export type ToWorker =
  | { readonly t: 'run'; readonly id: number; readonly job: string; readonly input: unknown }
  | { readonly t: 'cancel'; readonly id: number };

export type FromWorker =
  | { readonly t: 'ready' }
  | { readonly t: 'progress'; readonly id: number; readonly progress: unknown }
  | { readonly t: 'done'; readonly id: number; readonly output: unknown }
  | { readonly t: 'failed'; readonly id: number; readonly error: WorkerFailure };

/** An AppError keeps its shape across the border; anything else keeps code, message and stack for the log. */
export type WorkerFailure =
  | { readonly kind: 'app'; readonly shape: ErrorShape }
  | {
      readonly kind: 'unknown';
      /** Of the system or the database: `ENOENT`, `SQLITE_FULL`. */
      readonly code?: string;
      readonly message: string;
      readonly stack: string;
    };
