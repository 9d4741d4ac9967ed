import type { AppError } from '../../../src-contract/app-error.ts';
import type { StreamLimits } from './limits.ts';

/** Trouble that often passes by itself. Refused, DNS and TLS don't: they are told at once. */
const PASSING = new Set(['provider/rate-limited', 'provider/server-error', 'provider/cut']);

/**
 * Milliseconds to wait before another attempt, or null where there shall be none: the trouble does
 * not pass, all attempts are used, or the server asks for a longer wait than a person would want.
 * @param tried attempts so far, 1 or more
 * @param chance 0 to 1: spreads the attempts of many clients
 */
export function retryWait(
  error: AppError,
  tried: number,
  limits: StreamLimits,
  chance: number,
): number | null {
  if (tried > limits.retries || !PASSING.has(error.code)) return null;
  const asked = error.data?.['retryAfterMs'];
  if (typeof asked === 'number') return asked <= limits.retryAfterMaxMs ? asked : null;
  const backoff = Math.min(limits.backoffMs * 2 ** (tried - 1), limits.backoffMaxMs);
  return Math.round(backoff * (0.75 + chance / 2));
}
