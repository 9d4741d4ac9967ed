import type { ErrorShape } from './app-error.ts';
import type { ClientFrame, EngineFrame } from './protocol.ts';
import { fail, type Result } from './result.ts';

/** What a client is closed with when the engine behind it is gone. */
export const ENGINE_ENDED: ErrorShape = {
  code: 'engine/ended',
  message: 'The engine ended while it worked on this.',
  remedy: 'Try again. What was stored before is safe.',
  action: 'retry',
};

export interface StreamHandle {
  /** Asks the engine to stop; `end` then settles with `cancelled`. */
  cancel(): void;
  readonly end: Promise<Result<null>>;
}

interface OpenStream {
  readonly onEvents: (events: readonly unknown[]) => void;
  readonly finish: (result: Result<null>) => void;
}

/**
 * The calling side of the protocol over any transport: hand it a way to post, feed it what arrives.
 * Used by preload, web bridge and CLI alike; it depends on nothing.
 */
export class EngineClient {
  readonly #post: (frame: ClientFrame) => void;
  readonly #calls = new Map<number, (result: Result<unknown>) => void>();
  readonly #streams = new Map<number, OpenStream>();
  #nextId = 1;
  #closed: ErrorShape | null = null;

  constructor(post: (frame: ClientFrame) => void) {
    this.#post = post;
  }

  call(route: string, input: unknown): Promise<Result<unknown>> {
    if (this.#closed) return Promise.resolve(fail(this.#closed));
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#calls.set(id, resolve);
      this.#send(id, route, input);
    });
  }

  stream(
    route: string,
    input: unknown,
    onEvents: (events: readonly unknown[]) => void,
  ): StreamHandle {
    let streamId: number | null = null;
    let wantsCancel = false;
    let hasEnded = false;
    const end = new Promise<Result<null>>((resolve) => {
      if (this.#closed) {
        resolve(fail(this.#closed));
        return;
      }
      const id = this.#nextId++;
      this.#calls.set(id, (result) => {
        if (!result.ok) {
          resolve(result);
          return;
        }
        const opened = result.value as { readonly streamId?: unknown } | null | undefined;
        if (typeof opened?.streamId !== 'number') {
          resolve(fail(notAStream(route)));
          return;
        }
        streamId = opened.streamId;
        this.#streams.set(streamId, {
          onEvents,
          finish: (ended) => {
            hasEnded = true;
            resolve(ended);
          },
        });
        if (wantsCancel) void this.call('streams.cancel', { streamId });
      });
      this.#send(id, route, input);
    });
    return {
      end,
      cancel: () => {
        if (wantsCancel || hasEnded) return;
        wantsCancel = true;
        if (streamId !== null) void this.call('streams.cancel', { streamId });
      },
    };
  }

  /** Takes one frame from the engine. */
  receive(frame: EngineFrame): void {
    switch (frame.t) {
      case 'result': {
        const settle = this.#calls.get(frame.id);
        this.#calls.delete(frame.id);
        settle?.(frame.result);
        return;
      }
      case 'events': {
        try {
          this.#streams.get(frame.stream)?.onEvents(frame.events);
        } finally {
          // Also where the listener throws, or the engine would wait for ever.
          if (!this.#closed) this.#post({ t: 'ack', stream: frame.stream, batch: frame.batch });
        }
        return;
      }
      case 'end': {
        const open = this.#streams.get(frame.stream);
        this.#streams.delete(frame.stream);
        open?.finish(frame.result);
        return;
      }
    }
  }

  /** The engine is gone: everything open fails with `error`, and so does every later call. */
  close(error: ErrorShape): void {
    if (this.#closed) return;
    this.#closed = error;
    const calls = [...this.#calls.values()];
    const streams = [...this.#streams.values()];
    this.#calls.clear();
    this.#streams.clear();
    for (const settle of calls) settle(fail(error));
    for (const open of streams) open.finish(fail(error));
  }

  /** Every call is answered, also one that can't be sent: input that does not clone, a transport that is gone. */
  #send(id: number, route: string, input: unknown): void {
    try {
      this.#post({ t: 'call', id, route, input });
    } catch (error) {
      const settle = this.#calls.get(id);
      this.#calls.delete(id);
      settle?.(fail(notSent(error)));
    }
  }
}

function notAStream(route: string): ErrorShape {
  return {
    code: 'engine/not-a-stream',
    message: `"${route}" answers once and has no events.`,
    remedy: 'Update Carrel: the screen and the engine are of different versions.',
  };
}

function notSent(error: unknown): ErrorShape {
  return {
    code: 'engine/not-sent',
    message: `This could not be sent to the engine (${error instanceof Error ? error.message : String(error)}).`,
    remedy: 'Try again; if it stays, close this window and open it anew.',
    action: 'retry',
  };
}
