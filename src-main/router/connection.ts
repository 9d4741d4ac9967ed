import { AppError } from '../../src-contract/app-error.ts';
import type { EngineFrame } from '../../src-contract/protocol.ts';
import { fail, ok, type Result } from '../../src-contract/result.ts';
import type { Dispatcher } from './dispatch.ts';
import { OutStream } from './out-stream.ts';

/** Streams of one client at once: more than any screen shows; a bound for a client that runs wild. */
const MAX_STREAMS = 256;
/** Calls of one client at once. */
const MAX_CALLS = 1_024;

/** One client of the engine: takes its frames, answers them, and cancels what is open when it goes. */
export class Connection {
  readonly #dispatcher: Dispatcher;
  readonly #post: (frame: EngineFrame) => void;
  readonly #streams = new Map<number, OutStream>();
  readonly #gone = new AbortController();
  #calls = 0;
  #nextStream = 1;

  constructor(dispatcher: Dispatcher, post: (frame: EngineFrame) => void) {
    this.#dispatcher = dispatcher;
    this.#post = (frame) => {
      if (!this.#gone.signal.aborted) post(frame);
    };
  }

  /** Takes one frame, of whatever shape: frames are not trusted. A malformed one is answered where it has an id. */
  receive(frame: unknown): void {
    if (this.#gone.signal.aborted) return;
    if (typeof frame !== 'object' || frame === null || !('t' in frame)) return;
    if (frame.t === 'ack' && 'stream' in frame && 'batch' in frame) {
      if (isCount(frame.stream) && isCount(frame.batch)) {
        this.#streams.get(frame.stream)?.ack(frame.batch);
      }
      return;
    }
    if (frame.t !== 'call' || !('id' in frame) || !isCount(frame.id)) return;
    const id = frame.id;
    const route = 'route' in frame ? frame.route : undefined;
    const input = 'input' in frame ? frame.input : undefined;
    void this.#call(id, route, input);
  }

  /** The client is gone: its streams are cancelled and nothing more is sent. */
  close(): void {
    this.#gone.abort();
    for (const stream of this.#streams.values()) stream.cancel();
  }

  async #call(id: number, route: unknown, input: unknown): Promise<void> {
    const answer = (result: Result<unknown>): void => this.#post({ t: 'result', id, result });
    if (this.#calls >= MAX_CALLS) {
      answer(fail(tooBusy().toShape()));
      return;
    }
    this.#calls += 1;
    try {
      if (this.#dispatcher.kindOf(route) === 'stream') this.#open(route, input, answer);
      else {
        const value = await this.#dispatcher.call(route, input, {
          signal: this.#gone.signal,
          cancelStream: (streamId) => this.#cancel(streamId),
        });
        answer(ok(value));
      }
    } catch (error) {
      answer(fail(this.#dispatcher.toShape(error, route)));
    } finally {
      this.#calls -= 1;
    }
  }

  #open(route: unknown, input: unknown, answer: (result: Result<unknown>) => void): void {
    // Other calls go on: one of them cancels what is too much.
    if (this.#streams.size >= MAX_STREAMS) throw tooBusy();
    const stream = new OutStream(this.#nextStream++, this.#post);
    this.#streams.set(stream.id, stream);
    answer(ok({ streamId: stream.id }));
    void this.#dispatcher
      .stream(route, input, { signal: stream.signal, emit: (event) => stream.emit(event) })
      .then(
        () => stream.end(ok(null)),
        (error: unknown) => stream.end(fail(this.#dispatcher.toShape(error, route))),
      )
      .finally(() => this.#streams.delete(stream.id));
  }

  #cancel(streamId: number): boolean {
    const stream = this.#streams.get(streamId);
    stream?.cancel();
    return stream !== undefined;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function tooBusy(): AppError {
  return new AppError('router/too-many-requests', 'This client has too many requests open.', {
    remedy: 'Wait for some of them to end.',
    action: 'retry',
  });
}
