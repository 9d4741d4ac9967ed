import type { AppError } from '../../../src-contract/app-error.ts';
import { make, seconds, type ErrorContext } from './provider-errors.ts';

/** An answer that is not a success, as far as it can be told. */
export interface StatusFacts {
  readonly status: number;
  /** The server's words, redacted. */
  readonly told: string;
  /** Milliseconds that the server asks to wait; null where it said nothing. */
  readonly retryAfterMs: number | null;
}

/** Turns an HTTP status (or an error object inside a stream) into an error with a stable code. */
export function statusError(facts: StatusFacts, context: ErrorContext): AppError {
  const { status, told, retryAfterMs } = facts;
  const who = `"${context.providerId}"`;
  const said = told ? `: ${told}` : '.';
  const data = { status, ...(retryAfterMs === null ? {} : { retryAfterMs }) };
  if (
    status === 402 ||
    (status === 429 && /insufficient_quota|exceeded your current quota|billing/i.test(told))
  ) {
    const help = {
      remedy: "Check the plan and credit of the provider's account.",
      action: 'open-providers',
    } as const;
    return make(
      'no-credit',
      `The account at ${who} has no credit left${said}`,
      context,
      help,
      data,
    );
  }
  if (status === 401) {
    const help = { remedy: 'Enter the key again.', action: 'open-providers' } as const;
    return make('unauthorized', `${who} did not accept the key${said}`, context, help, data);
  }
  if (status === 403) {
    const help = {
      remedy: 'Use a key that may use this model, or choose another model.',
      action: 'open-providers',
    } as const;
    return make('forbidden', `${who} does not allow this${said}`, context, help, data);
  }
  if (status === 404) return notFound(who, said, context, data);
  if (status === 429) {
    const wait = retryAfterMs === null ? 'Wait a little' : `Wait ${seconds(retryAfterMs)}`;
    const help = {
      remedy: `${wait} and try again, or choose another model.`,
      action: 'retry',
    } as const;
    return make(
      'rate-limited',
      `${who} takes no more requests for now${said}`,
      context,
      help,
      data,
    );
  }
  if (status >= 300 && status < 400) {
    const help = {
      remedy:
        'Enter the address that it leads to, if you trust it: keys are never sent along a redirect.',
      action: 'open-providers',
    } as const;
    return make('redirected', `${who} sends to another address${said}`, context, help, data);
  }
  if (status >= 500 || status === 408 || status === 409) {
    const help = {
      remedy: 'Try again in a moment, or choose another model.',
      action: 'retry',
    } as const;
    return make(
      'server-error',
      `${who} has trouble of its own (${status})${said}`,
      context,
      help,
      data,
    );
  }
  const help = { remedy: 'Shorten the conversation or choose another model.' };
  return make('bad-request', `${who} refused the request (${status})${said}`, context, help, data);
}

function notFound(
  who: string,
  said: string,
  context: ErrorContext,
  data: Readonly<Record<string, unknown>>,
): AppError {
  if (context.model === null) {
    const help = {
      remedy: 'Check the address (most end in /v1), or name the models yourself.',
      action: 'open-providers',
    } as const;
    return make(
      'no-model-list',
      `${who} has no list of models at this address${said}`,
      context,
      help,
      data,
    );
  }
  const help = {
    remedy: 'Choose a model of its list; check that the address is right (most end in /v1).',
    action: 'open-providers',
  } as const;
  return make(
    'unknown-model',
    `${who} does not know the model "${context.model}"${said}`,
    context,
    help,
    data,
  );
}

/** Milliseconds of a `retry-after` (seconds or a date) or `retry-after-ms` header; null where there is none. */
export function retryAfter(headers: Headers | undefined, now: number): number | null {
  const exact = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const value = headers?.get('retry-after')?.trim();
  if (!value) return null;
  if (/^\d+(?:\.\d+)?$/.test(value)) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
