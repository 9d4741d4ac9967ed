import type { Progress } from '../sync-jobs.ts';
import { PROGRESS_MS } from '../limits.ts';

export type Report = (phase: Progress['phase'], done: number, total: number | null) => void;

/** Passes progress on, at most once per PROGRESS_MS but for the first of each phase and the last of a total. */
export function reporter(context: { progress(progress: Progress): void }): Report {
  let phaseBefore: Progress['phase'] | null = null;
  let last = 0;
  return (phase, done, total) => {
    const now = performance.now();
    if (phase === phaseBefore && done !== total && now - last < PROGRESS_MS) return;
    phaseBefore = phase;
    last = now;
    context.progress({ phase, done, total });
  };
}
