/** How long a provider may take and how much it may send; tests shorten them. */
export interface StreamLimits {
  /** Longest wait for the response headers, connecting included, milliseconds. */
  readonly headersMs: number;
  /** Longest silence of the body, milliseconds; begins anew with every byte. */
  readonly idleMs: number;
  /** Time for usage and the end marker after the model said it has finished, milliseconds. */
  readonly afterFinishMs: number;
  /** Attempts after the first one, all before the first delta. */
  readonly retries: number;
  /** First wait before another attempt, milliseconds; doubles each time. */
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
  /** Longest `retry-after` that is waited for, milliseconds. More is told instead. */
  readonly retryAfterMaxMs: number;
  /** Bytes of one response body. */
  readonly maxBytes: number;
  /** Characters of one answer. */
  readonly maxChars: number;
}

export const STREAM_LIMITS: StreamLimits = {
  // A local server may load a model of many gigabytes before it answers.
  headersMs: 120_000,
  // Reasoning models are silent for a while; a minute without a byte is a dead connection.
  idleMs: 60_000,
  afterFinishMs: 2_000,
  retries: 2,
  backoffMs: 500,
  backoffMaxMs: 8_000,
  // Longer than a person looks at "waiting" without wanting to choose another model.
  retryAfterMaxMs: 20_000,
  // One token costs up to 350 bytes on the wire: room for the characters below, and a bound for a server that never ends.
  maxBytes: 128 * 1024 * 1024,
  // Some 250,000 tokens: more than any model writes at once.
  maxChars: 1_000_000,
};

/** Characters of one server-sent event: a token with its frame is under 1 KB, a whole answer in one event is under this. */
export const MAX_EVENT_CHARS = 4 * 1024 * 1024;
/** Bytes read of an error answer: the reason stands at its beginning. */
export const MAX_ERROR_BYTES = 64 * 1024;
/** Time to read an error answer, milliseconds. */
export const ERROR_BODY_MS = 5_000;
/** Bytes of a list of models; the longest public one is under 2 MB. */
export const MAX_MODELS_BYTES = 8 * 1024 * 1024;
/** Models that are kept of a list; the contract's bound. */
export const MAX_MODELS = 500;
/** Longest wait for a list of models, milliseconds. */
export const MODELS_MS = 10_000;
/** Longest wait for a local server to show itself, milliseconds: loopback answers in a few. */
export const DETECT_MS = 500;
