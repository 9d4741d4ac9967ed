import { monitorEventLoopDelay } from 'node:perf_hooks';

type Histogram = ReturnType<typeof monitorEventLoopDelay>;

/** Coarse enough to cost a fifth of a percent of a core, fine enough to see what a person notices. */
const RESOLUTION_MS = 50;
/** A reading covers the last one to two of these. */
const ROTATE_MS = 60_000;
/** Five seconds; before that the start itself would be all that is seen. */
const MIN_SAMPLES = 100;
const NS_PER_MS = 1_000_000;

export interface LoopDelay {
  /** What 99 of 100 turns stayed under, milliseconds. */
  readonly p99Ms: number;
  readonly maxMs: number;
}

/**
 * Measures how long the engine could not take up new work. Two histograms overlap, each twice as
 * long as the time between rotations: resetting one would lose the interval that is running, which is
 * just the one that a long block leaves.
 */
export class EventLoopWatch {
  #older: Histogram = begin();
  #newer: Histogram = begin();
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => this.#rotate(), ROTATE_MS).unref();
  }

  /** Null until there is enough to say something. */
  read(): LoopDelay | null {
    if (this.#older.count < MIN_SAMPLES) return null;
    return {
      p99Ms: delayOf(this.#older.percentile(99)),
      maxMs: delayOf(this.#older.max),
    };
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#older.disable();
    this.#newer.disable();
  }

  #rotate(): void {
    this.#older.disable();
    this.#older = this.#newer;
    this.#newer = begin();
  }
}

function begin(): Histogram {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return histogram;
}

/** What is recorded is the time between two samples; what is over the resolution is delay. */
function delayOf(ns: number): number {
  return Math.max(0, Math.round(ns / NS_PER_MS - RESOLUTION_MS));
}
