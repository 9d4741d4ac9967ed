import type { Check, HealthReport } from '../../../src-contract/health.ts';
import { AppError } from '../../../src-contract/app-error.ts';
import type { Clock } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
import { makeCheck, worstOf } from './make-check.ts';
import type { HealthSource } from './ports.ts';

export interface HealthDeps {
  /** Every part that can say how it is, by its name; the report keeps this order. */
  readonly sources: Readonly<Record<string, HealthSource>>;
  /** Figures for the head of the report; each is read anew. */
  readonly machine: {
    readonly storeBytes: () => Promise<number>;
    readonly diskFreeBytes: () => Promise<number>;
    readonly memoryBytes: () => number;
  };
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Longest that a part may take; for tests. */
  readonly sourceTimeoutMs?: number;
}

/** A check that takes longer is itself what is wrong. */
const SOURCE_TIMEOUT_MS = 5_000;

/** Asks every part how it is. A part that throws or does not answer becomes a failed check of its own. */
export class HealthService {
  readonly #deps: HealthDeps;
  #running: Promise<HealthReport> | null = null;

  constructor(deps: HealthDeps) {
    this.#deps = deps;
  }

  /** Runs all checks now; who asks while they run gets the same report. Never throws. */
  report(): Promise<HealthReport> {
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #run(): Promise<HealthReport> {
    const { sources, machine, clock, startedAt } = this.#deps;
    const names = Object.entries(sources);
    const [found, storeBytes, diskFreeBytes] = await Promise.all([
      Promise.all(names.map(([name, source]) => this.#ask(name, source))),
      this.#figure('store size', machine.storeBytes),
      this.#figure('free space', machine.diskFreeBytes),
    ]);
    const checks = found.flat();
    return {
      state: worstOf(checks),
      at: clock.now(),
      checks,
      machine: {
        engineStartedAt: startedAt,
        storeBytes,
        diskFreeBytes,
        engineMemoryBytes: machine.memoryBytes(),
      },
    };
  }

  async #ask(name: string, source: HealthSource): Promise<readonly Check[]> {
    const limit = this.#deps.sourceTimeoutMs ?? SOURCE_TIMEOUT_MS;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<readonly Check[]>((resolve) => {
      timer = setTimeout(() => resolve([tooSlow(name, limit)]), limit);
    });
    try {
      return await Promise.race([source.checks(), late]);
    } catch (error) {
      this.#deps.logger.warn('a health check failed', { source: name, error });
      return [broken(name, error)];
    } finally {
      clearTimeout(timer);
    }
  }

  /** A figure that can't be read is 0 here; the check that belongs to it says why. */
  async #figure(what: string, read: () => Promise<number>): Promise<number> {
    try {
      return Math.round(await read());
    } catch (error) {
      this.#deps.logger.warn('a figure of health can not be read', { what, error });
      return 0;
    }
  }
}

function tooSlow(name: string, ms: number): Check {
  return makeCheck({
    id: `${name}.check`,
    title: titleOf(name),
    state: 'fail',
    message: `It did not say how it is within ${Math.round(ms / 1_000)} s.`,
    remedy: 'Look again in a moment; if it stays, start Carrel again.',
    action: 'retry',
  });
}

function broken(name: string, error: unknown): Check {
  const known = error instanceof AppError ? error : null;
  return makeCheck({
    id: `${name}.check`,
    title: titleOf(name),
    state: 'fail',
    message: known?.message ?? 'It could not be checked.',
    remedy: known?.remedy ?? 'Look into the logs below; if it stays, start Carrel again.',
    action: known?.action ?? null,
  });
}

function titleOf(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
