import { AppError } from '../../src-contract/app-error.ts';
import type { EngineFrame } from '../../src-contract/protocol.ts';
import type { Result } from '../../src-contract/result.ts';
import { coalesce, isDelta } from './coalesce.ts';

/** One message to a screen per frame of a 60 Hz display is all that a person can see. */
const COALESCE_MS = 16;
/** Batches sent and not yet acknowledged before the engine holds back: half a second of frames. */
const MAX_OPEN_BATCHES = 32;
/** A client that acknowledges nothing for so long is taken for gone. */
const STALLED_CLIENT_MS = 60_000;

/**
 * The sending end of one stream: merges events into batches, sends the first event and the first
 * delta at once and then one batch per 16 ms. While the client is behind nothing more is sent: what
 * comes is merged, and a producer that awaits every `emit` waits, so at most MAX_OPEN_BATCHES batches
 * are on their way and one is held.
 */
export class OutStream {
  readonly id: number;
  readonly #post: (frame: EngineFrame) => void;
  readonly #controller = new AbortController();
  #held: unknown[] = [];
  #timer: NodeJS.Timeout | null = null;
  #sentAny = false;
  #sentDelta = false;
  #lastBatch = 0;
  #ackedBatch = 0;
  #waiting: (() => void)[] = [];
  #ended = false;

  constructor(id: number, post: (frame: EngineFrame) => void) {
    this.id = id;
    this.#post = post;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async emit(event: unknown): Promise<void> {
    if (this.#ended) return;
    const firstDelta = !this.#sentDelta && isDelta(event);
    coalesce(this.#held, event);
    if (firstDelta) this.#sentDelta = true;
    if (!this.#sentAny || firstDelta) this.#flushUnlessBehind();
    else this.#timer ??= setTimeout(() => this.#flushUnlessBehind(), COALESCE_MS);
    if (this.#isBehind()) await this.#room();
  }

  ack(batch: number): void {
    if (!Number.isSafeInteger(batch) || batch <= this.#ackedBatch || batch > this.#lastBatch)
      return;
    this.#ackedBatch = batch;
    if (this.#isBehind()) return;
    // A timer that came while the client was behind sent nothing.
    if (!this.#timer) this.#flush();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }

  /** Asks the producer to stop; what it already emitted still goes out. */
  cancel(): void {
    this.#controller.abort();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }

  /** Sends what is held, then the end. */
  end(result: Result<null>): void {
    if (this.#ended) return;
    this.#flush();
    this.#ended = true;
    this.#post({ t: 'end', stream: this.id, result });
  }

  #isBehind(): boolean {
    return this.#lastBatch - this.#ackedBatch >= MAX_OPEN_BATCHES;
  }

  #flushUnlessBehind(): void {
    if (!this.#isBehind()) this.#flush();
    else this.#stopTimer();
  }

  #stopTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #flush(): void {
    this.#stopTimer();
    if (this.#held.length === 0 || this.#ended) return;
    const events = this.#held;
    this.#held = [];
    this.#sentAny = true;
    this.#lastBatch += 1;
    this.#post({ t: 'events', stream: this.id, batch: this.#lastBatch, events });
  }

  #room(): Promise<void> {
    if (this.signal.aborted) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        // Before all are resumed, or it would resume like them.
        reject(stalled());
        this.cancel();
      }, STALLED_CLIENT_MS);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

function stalled(): AppError {
  return new AppError('stream/stalled', 'The screen stopped taking the answer.', {
    remedy: 'Open the conversation again: what was written is stored.',
  });
}
