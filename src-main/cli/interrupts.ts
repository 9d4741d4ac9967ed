import type { Session } from './session.ts';

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof SIGNALS;

/**
 * What Ctrl-C does: the first one stops what runs and lets the command end by itself, with the
 * engine closed in order; a second one ends the program at once.
 */
export class Interrupts {
  readonly #session: () => Promise<Session> | null;
  #signal: Signal | null = null;
  #closing = false;

  constructor(session: () => Promise<Session> | null) {
    this.#session = session;
  }

  /** Whether the engine is being closed under the command, so that its failure is no news. */
  get closing(): boolean {
    return this.#closing;
  }

  listen(): void {
    for (const signal of signals()) process.on(signal, this.#onSignal);
  }

  /** Stops listening; an interrupted command ends with the code of its signal. */
  end(): void {
    for (const signal of signals()) process.off(signal, this.#onSignal);
    if (this.#signal) process.exitCode = SIGNALS[this.#signal];
  }

  readonly #onSignal = (signal: Signal): void => {
    if (this.#signal) process.exit(SIGNALS[signal]);
    this.#signal = signal;
    void this.#stop(signal);
  };

  async #stop(signal: Signal): Promise<void> {
    // A session that can't be opened is told by the command itself.
    const session = await this.#session()?.catch(() => null);
    if (session?.cancelAll()) return;
    this.#closing = true;
    await session?.close();
    process.exit(SIGNALS[signal]);
  }
}

function signals(): Signal[] {
  return ['SIGINT', 'SIGTERM'];
}
