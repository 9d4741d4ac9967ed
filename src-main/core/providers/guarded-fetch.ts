import { readBounded } from './read-bounded.ts';
import { ERROR_BODY_MS, MAX_ERROR_BYTES } from './limits.ts';

/** Headers that may leave. The SDK also sends facts about this machine and those of its environment variables: not these. */
const ALLOWED = ['accept', 'authorization', 'content-type'];
const NO_BODY = new Set([204, 205, 304]);

/**
 * A fetch for the SDK that sends nothing but what is needed, follows no redirect (a key must not
 * reach another host), and reads at most a bounded piece of an error answer.
 */
export function guardedFetch(base: typeof fetch, hasKey: boolean): typeof fetch {
  return async (input, init) => {
    const given = new Headers(init?.headers);
    const headers = new Headers({ 'user-agent': 'Carrel' });
    for (const name of ALLOWED) {
      const value = given.get(name);
      if (value !== null && (hasKey || name !== 'authorization')) headers.set(name, value);
    }
    const response = await base(input, { ...init, headers, redirect: 'manual' });
    if (response.ok || NO_BODY.has(response.status)) return response;
    const body = await readBounded(response, {
      maxBytes: MAX_ERROR_BYTES,
      ms: ERROR_BODY_MS,
    });
    return new Response(body.text, { status: response.status, headers: response.headers });
  };
}
