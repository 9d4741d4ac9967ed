import type OpenAI from 'openai';
import type { ModelMessage } from '../chat/ports.ts';
import { AnswerParser } from './answer-parser.ts';
import type { StreamLimits } from './limits.ts';
import type { Endpoint } from './openai-client.ts';
import { badStream, cutOff, stalled, tooLarge, type ErrorContext } from './provider-errors.ts';

/** Time to let a finished body end by itself, so that its connection can be used again, milliseconds. */
const DRAIN_MS = 250;

export interface AttemptCall {
  readonly client: OpenAI;
  readonly endpoint: Endpoint;
  readonly context: ErrorContext;
  readonly model: string;
  readonly messages: readonly ModelMessage[];
  readonly signal: AbortSignal;
  readonly limits: StreamLimits;
  /** False for servers that refuse to be asked for usage. */
  readonly askUsage: boolean;
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** One request and its body. `open`, then `read` until it gives null, and `close` in any case. */
export class Attempt {
  readonly parser: AnswerParser;
  readonly #call: AttemptCall;
  readonly #controller = new AbortController();
  readonly #stop = (): void => this.#controller.abort();
  #reader: Reader | null = null;
  #timer: NodeJS.Timeout | null = null;
  #reading = false;
  #timedOut = false;
  #ended = false;
  #bytes = 0;
  #chars = 0;

  constructor(call: AttemptCall) {
    this.#call = call;
    this.parser = new AnswerParser(call.context, call.endpoint.key);
  }

  /** Sends the request and waits for the headers. Throws what the SDK throws, or `provider/bad-stream`. */
  async open(): Promise<void> {
    const { client, model, messages, signal, limits, askUsage } = this.#call;
    signal.addEventListener('abort', this.#stop, { once: true });
    if (signal.aborted) this.#stop();
    const response = await client.chat.completions
      .create(
        {
          model,
          messages: [...messages],
          stream: true,
          ...(askUsage ? { stream_options: { include_usage: true } } : {}),
        },
        { signal: this.#controller.signal, timeout: limits.headersMs },
      )
      .asResponse();
    if (!response.body) throw badStream(this.#call.context, 'an empty answer');
    this.#reader = response.body.getReader() as Reader;
  }

  /** New text (perhaps none), or null after the end. Throws `provider/stalled`, `/cut`, `/too-large`, `/bad-stream`. */
  async read(): Promise<string | null> {
    const { context, limits } = this.#call;
    if (this.parser.failure) throw this.parser.failure;
    if (this.#ended || !this.#reader || this.parser.done) return null;
    const step = await this.#next(this.#reader);
    if (step === null) return null;
    if (step.done) {
      this.#ended = true;
      const rest = this.parser.end();
      const { seen, done, failure } = this.parser;
      if (!seen && !done && !failure) throw badStream(context, 'no event in it');
      return rest;
    }
    this.#bytes += step.value.byteLength;
    if (this.#bytes > limits.maxBytes)
      throw tooLarge(context, 'more bytes than an answer can have');
    const text = this.parser.feed(step.value);
    this.#chars += text.length;
    if (this.#chars > limits.maxChars) throw tooLarge(context, 'an answer without an end');
    return text;
  }

  /** Lets go of the connection: drained where the answer is complete, broken off where it is not. */
  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#call.signal.removeEventListener('abort', this.#stop);
    if (this.#reader && this.parser.done && !this.#ended) drain(this.#reader, this.#controller);
    else if (!this.#ended) this.#controller.abort();
  }

  /** The next piece, or null where the model had finished and nothing more came in time. */
  async #next(reader: Reader): Promise<Awaited<ReturnType<Reader['read']>> | null> {
    const { context, limits } = this.#call;
    const finished = this.parser.finish !== null;
    const ms = finished ? limits.afterFinishMs : limits.idleMs;
    this.#arm(ms, finished);
    this.#reading = true;
    try {
      return await reader.read();
    } catch (error) {
      // The answer itself is complete; only usage or the end marker is missing.
      if (finished && !this.#call.signal.aborted) return null;
      if (this.#timedOut) throw stalled(context, ms);
      throw this.#call.signal.aborted ? error : cutOff(context, codeOf(error));
    } finally {
      this.#reading = false;
    }
  }

  /** One timer per attempt, set back at each read: making a new one each time would cost more than the parsing. */
  #arm(ms: number, finished: boolean): void {
    if (this.#timer && !finished) {
      this.#timer.refresh();
      return;
    }
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // While nobody reads, the silence is the reader's, not the server's.
      if (!this.#reading) return;
      this.#timedOut = true;
      this.#controller.abort();
    }, ms);
  }
}

function drain(reader: Reader, controller: AbortController): void {
  const timer = setTimeout(() => controller.abort(), DRAIN_MS);
  void readOn(reader)
    .catch(() => controller.abort())
    .finally(() => clearTimeout(timer));
}

async function readOn(reader: Reader): Promise<void> {
  for (;;) if ((await reader.read()).done) return;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const cause: unknown = error.cause;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.message;
}
