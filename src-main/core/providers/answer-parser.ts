import { createParser, type EventSourceParser } from 'eventsource-parser';
import type { Finish, Usage } from '../../../src-contract/chat.ts';
import { badStream, tooLarge, type ErrorContext } from './provider-errors.ts';
import { redact } from './redact.ts';
import { statusError } from './status-error.ts';
import { MAX_EVENT_CHARS } from './limits.ts';

/** A chunk of the wire, as far as it is read; nothing of it is trusted to be there. */
interface WireChunk {
  readonly choices?: unknown;
  readonly usage?: unknown;
  readonly error?: unknown;
}
interface WireChoice {
  readonly index?: unknown;
  readonly delta?: { readonly content?: unknown; readonly refusal?: unknown } | null;
  readonly finish_reason?: unknown;
}

/**
 * Reads the body of a streamed chat completion: bytes in, new text out. What went wrong stands in
 * `failure`, for after the text that came before it: `provider/bad-stream`, `provider/too-large`, or
 * what an error object in the stream says.
 */
export class AnswerParser {
  /** What the model said about its end; null while it said nothing. */
  finish: Finish | null = null;
  usage: Usage | null = null;
  /** The end marker came: nothing follows. */
  done = false;
  /** At least one chunk of an answer was seen. */
  seen = false;
  failure: Error | null = null;
  readonly #context: ErrorContext;
  readonly #key: string | null;
  readonly #decoder = new TextDecoder();
  readonly #parser: EventSourceParser;
  #text = '';
  #ending = false;

  constructor(context: ErrorContext, key: string | null) {
    this.#context = context;
    this.#key = key;
    this.#parser = createParser({
      maxBufferSize: MAX_EVENT_CHARS,
      onEvent: ({ event, data }) => this.#take(data, event),
      onError: (error) => {
        if (error.type === 'max-buffer-size-exceeded') {
          this.failure ??= tooLarge(context, 'one event without an end');
        }
      },
    });
  }

  /** Takes the bytes of one read, gives the text that came with them. */
  feed(bytes: Uint8Array): string {
    if (!this.failure) this.#parser.feed(this.#decoder.decode(bytes, { stream: true }));
    return this.#taken();
  }

  /** The body has ended: a last event without its blank line is taken as well, half an event is let go. */
  end(): string {
    this.#ending = true;
    if (!this.failure) this.#parser.feed(`${this.#decoder.decode()}\n\n`);
    return this.#taken();
  }

  #taken(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }

  #take(data: string, event: string | undefined): void {
    if (this.done || this.failure) return;
    if (data === '[DONE]') {
      this.done = true;
      return;
    }
    let chunk: WireChunk | null;
    try {
      chunk = JSON.parse(data) as WireChunk | null;
    } catch {
      if (!this.#ending) this.failure = badStream(this.#context, 'an event that is not JSON');
      return;
    }
    if (typeof chunk !== 'object' || chunk === null) {
      this.failure = badStream(this.#context, 'an event that is not an object');
    } else if ((chunk.error !== undefined && chunk.error !== null) || event === 'error') {
      this.failure = this.#errorOf(chunk.error ?? chunk);
    } else {
      this.#read(chunk);
    }
  }

  #read(chunk: WireChunk): void {
    if (chunk.usage) this.usage = toUsage(chunk.usage) ?? this.usage;
    if (!Array.isArray(chunk.choices)) return;
    this.seen = true;
    for (const choice of chunk.choices as (WireChoice | null)[]) {
      // One answer was asked for; a server that sends more gets its first one read.
      if (!choice || (choice.index !== undefined && choice.index !== 0)) continue;
      const { delta, finish_reason: reason } = choice;
      if (delta) this.#text += textOf(delta.content) || textOf(delta.refusal);
      if (typeof reason === 'string' && reason) this.finish ??= toFinish(reason);
    }
  }

  #errorOf(error: unknown): Error {
    const fields = (typeof error === 'object' && error !== null ? error : { message: error }) as {
      message?: unknown;
      code?: unknown;
      type?: unknown;
      status?: unknown;
    };
    const words = [fields.message, fields.type, fields.code].filter(
      (value): value is string => typeof value === 'string' && value !== '',
    );
    const told = redact(words.join(' '), this.#key);
    const numbers = [fields.code, fields.status].map(Number);
    const status = numbers.find((value) => value >= 400 && value < 600) ?? guessStatus(told);
    return statusError({ status, told, retryAfterMs: null }, this.#context);
  }
}

function guessStatus(told: string): number {
  if (/rate.?limit/i.test(told)) return 429;
  if (/context.?length|invalid.?request/i.test(told)) return 400;
  return 500;
}

/** Mostly a string; some servers send parts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) =>
      typeof part === 'object' && part !== null && 'text' in part && typeof part.text === 'string'
        ? part.text
        : '',
    )
    .join('');
}

/** Only a known good end is `stop`: a filter, a tool that nobody offered or a new word is an answer cut short. */
function toFinish(reason: string): Finish {
  switch (reason.toLowerCase()) {
    case 'stop':
    case 'end_turn':
    case 'stop_sequence':
    case 'eos':
    case 'eos_token':
      return 'stop';
    case 'length':
    case 'max_tokens':
      return 'length';
    default:
      return 'truncated';
  }
}

function toUsage(usage: unknown): Usage | null {
  if (typeof usage !== 'object' || usage === null) return null;
  const { prompt_tokens: input, completion_tokens: output } = usage as Record<string, unknown>;
  if (!isCount(input) || !isCount(output)) return null;
  return { inputTokens: input, outputTokens: output, estimated: false };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
