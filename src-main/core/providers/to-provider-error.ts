import { AppError } from '../../../src-contract/app-error.ts';
import { networkError, slowHeaders, type ErrorContext } from './provider-errors.ts';
import { redact } from './redact.ts';
import { retryAfter, statusError } from './status-error.ts';

export interface MappingContext extends ErrorContext {
  readonly key: string | null;
  readonly headersMs: number;
  readonly now: number;
}

/** What the SDK and fetch throw, as far as it is read here; the SDK is not imported for its classes. */
interface Thrown {
  readonly name?: unknown;
  readonly status?: unknown;
  readonly headers?: unknown;
  readonly message?: unknown;
  readonly error?: unknown;
}

/** Maps whatever a request threw to an AppError with a stable code (`provider/…`). */
export function toProviderError(error: unknown, context: MappingContext): AppError {
  if (error instanceof AppError) return error;
  const thrown: Thrown = typeof error === 'object' && error !== null ? error : {};
  if (typeof thrown.status === 'number') {
    const headers = thrown.headers instanceof Headers ? thrown.headers : undefined;
    const type = bodyType(thrown.error);
    return statusError(
      {
        status: thrown.status,
        told: redact(`${messageOf(thrown)}${type ? ` (${type})` : ''}`, context.key),
        retryAfterMs: retryAfter(headers, context.now),
      },
      context,
    );
  }
  if (causeNames(error).includes('APIConnectionTimeoutError')) {
    return slowHeaders(context, context.headersMs);
  }
  return networkError(causeCodes(error), context);
}

/** The SDK puts the status before the words. */
function messageOf(thrown: Thrown): string {
  const text = typeof thrown.message === 'string' ? thrown.message : '';
  return text.replace(/^\d{3}\s*/, '').replace(/^status code \(no body\)$/, '');
}

/** OpenAI's machine-readable reason, such as `insufficient_quota`. */
function bodyType(body: unknown): string {
  if (typeof body !== 'object' || body === null) return '';
  const { code, type } = body as { code?: unknown; type?: unknown };
  if (typeof code === 'string') return code;
  return typeof type === 'string' ? type : '';
}

/** Errors of fetch are nested: the code stands at some depth of `cause` or in an AggregateError. */
function chain(error: unknown): object[] {
  const found: object[] = [];
  let next: unknown = error;
  for (let depth = 0; depth < 6 && typeof next === 'object' && next !== null; depth++) {
    found.push(next);
    const { cause, errors } = next as { cause?: unknown; errors?: unknown };
    next = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return found;
}

function causeCodes(error: unknown): string[] {
  return chain(error).flatMap((link) =>
    'code' in link && typeof link.code === 'string' ? [link.code] : [],
  );
}

function causeNames(error: unknown): string[] {
  return chain(error).map((link) => link.constructor.name);
}
