import type { monitorEventLoopDelay } from 'node:perf_hooks';

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
  #histograms: { readonly older: Histogram; readonly newer: Histogram } | null = null;
  #timer: NodeJS.Timeout | null = null;

  /** Begins to measure; until then there is nothing to read. Does nothing while it measures. */
  start(): void {
    if (this.#timer) return;
    this.#histograms = { older: begin(), newer: begin() };
    this.#timer = setInterval(() => this.#rotate(), ROTATE_MS).unref();
  }

  /** Null until there is enough to say something. */
  read(): LoopDelay | null {
    const older = this.#histograms?.older;
    if (!older || older.count < MIN_SAMPLES) return null;
    return { p99Ms: delayOf(older.percentile(99)), maxMs: delayOf(older.max) };
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#histograms?.older.disable();
    this.#histograms?.newer.disable();
    this.#histograms = null;
  }

  #rotate(): void {
    if (!this.#histograms) return;
    const { older, newer } = this.#histograms;
    older.disable();
    this.#histograms = { older: newer, newer: begin() };
  }
}

function begin(): Histogram {
  // Loaded when measuring begins: that is after the engine answers.
  const hooks = process.getBuiltinModule('node:perf_hooks');
  const histogram = hooks.monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return histogram;
}

/** What is recorded is the time between two samples; what is over the resolution is delay. */
function delayOf(ns: number): number {
  return Math.max(0, Math.round(ns / NS_PER_MS - RESOLUTION_MS));
}
