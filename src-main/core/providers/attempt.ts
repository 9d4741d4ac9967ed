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
  #finishing = false;
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

  /**
   * New text (perhaps none), or null after the end. Throws `provider/stalled`, `/cut`, `/too-large`,
   * `/bad-stream`. One promise per read: this runs for every token.
   */
  async read(): Promise<string | null> {
    const { parser } = this;
    if (parser.failure) throw parser.failure;
    if (this.#ended || !this.#reader || parser.done) return null;
    const finished = parser.finish !== null;
    this.#arm(finished);
    this.#reading = true;
    let step: Awaited<ReturnType<Reader['read']>>;
    try {
      step = await this.#reader.read();
    } catch (error) {
      return this.#broken(error, finished);
    } finally {
      this.#reading = false;
    }
    return step.done ? this.#finished() : this.#taken(step.value);
  }

  /** Lets go of the connection: drained where the answer is complete, broken off where it is not. */
  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#call.signal.removeEventListener('abort', this.#stop);
    if (this.#reader && this.parser.done && !this.#ended) drain(this.#reader, this.#controller);
    else if (!this.#ended) this.#controller.abort();
  }

  #taken(bytes: Uint8Array): string {
    const { context, limits } = this.#call;
    this.#bytes += bytes.byteLength;
    if (this.#bytes > limits.maxBytes) {
      throw tooLarge(context, 'more bytes than an answer can have');
    }
    const text = this.parser.feed(bytes);
    this.#chars += text.length;
    if (this.#chars > limits.maxChars) throw tooLarge(context, 'an answer without an end');
    return text;
  }

  #finished(): string {
    this.#ended = true;
    const rest = this.parser.end();
    const { seen, done, failure } = this.parser;
    if (!seen && !done && !failure) throw badStream(this.#call.context, 'no event in it');
    return rest;
  }

  #broken(error: unknown, finished: boolean): null {
    const { context, limits, signal } = this.#call;
    if (signal.aborted) throw error;
    // The answer itself is complete; only usage or the end marker is missing.
    if (finished) return null;
    if (this.#timedOut) throw stalled(context, limits.idleMs);
    throw cutOff(context, codeOf(error));
  }

  /**
   * One timer per attempt, set back at each read: making a new one each time would cost more than
   * the parsing. After the model's last word it is set once: what follows has that time as a whole.
   */
  #arm(finished: boolean): void {
    if (this.#timer && finished === this.#finishing) {
      if (!finished) this.#timer.refresh();
      return;
    }
    if (this.#timer) clearTimeout(this.#timer);
    this.#finishing = finished;
    const { afterFinishMs, idleMs } = this.#call.limits;
    const late = (): void => {
      // While nobody reads, the silence is the reader's, not the server's.
      if (!this.#reading && !finished) return;
      this.#timedOut = true;
      this.#controller.abort();
    };
    this.#timer = setTimeout(late, finished ? afterFinishMs : idleMs);
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
