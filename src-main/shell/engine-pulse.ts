import type { EngineChild } from './engine-host.ts';

export interface PulseDeps {
  /** Milliseconds between two pings. */
  readonly every: number;
  /** Unanswered pings before the silence is told. */
  readonly tellAfter: number;
  /** Unanswered pings before the engine counts as hung. Counted, not timed: a suspended machine misses none. */
  readonly killAfter: number;
  /** Told with each further silent interval, and with null when it answers again. */
  readonly onSilent: (seconds: number | null) => void;
  readonly onHung: (seconds: number) => void;
}

/** Asks a running engine whether its event loop still turns. One ping is open at a time. */
export class EnginePulse {
  readonly #deps: PulseDeps;
  readonly #timer: NodeJS.Timeout;
  #id = 0;
  #awaiting = false;
  #missed = 0;

  constructor(child: EngineChild, deps: PulseDeps) {
    this.#deps = deps;
    this.#timer = setInterval(() => {
      if (this.#awaiting) {
        this.#miss();
        return;
      }
      this.#awaiting = true;
      this.#id += 1;
      child.post({ t: 'ping', id: this.#id });
    }, deps.every);
    this.#timer.unref();
  }

  answered(id: number): void {
    if (id !== this.#id) return;
    const wasTold = this.#missed >= this.#deps.tellAfter;
    this.#awaiting = false;
    this.#missed = 0;
    if (wasTold) this.#deps.onSilent(null);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #miss(): void {
    this.#missed += 1;
    const seconds = Math.ceil((this.#missed * this.#deps.every) / 1000);
    if (this.#missed >= this.#deps.killAfter) this.#deps.onHung(seconds);
    else if (this.#missed >= this.#deps.tellAfter) this.#deps.onSilent(seconds);
  }
}
