import { AppError } from '../../../../../src-contract/app-error.ts';
import { accessDenied, notGit, remoteNotFound, stalled, tooLarge } from '../../errors.ts';
import { MAX_FETCH_BYTES, MAX_REDIRECTS, REMOTE_IDLE_MS } from '../../limits.ts';
import type { Credentials } from '../../remote-access.ts';
import { isLoopback } from '../../remote-url.ts';
import { badRedirect, mayNotWrite, unavailable, unreachable } from './http-errors.ts';
import {
  bodyOf,
  collectBody,
  type Transport,
  type TransportOptions,
  type WireRequest,
  type WireResponse,
  type WireStep,
  wireStep,
} from './transport.ts';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Bytes a millisecond that even a slow line takes: so much longer than the idle limit may a body be on its way. */
const SLOWEST_UPLOAD = 8;

/**
 * Smart HTTP on `fetch`: idle limit instead of a time-out of the whole, a cap on bytes, and an answer
 * that is handed on only when all of it has arrived, so that a cut connection changes nothing.
 * Credentials go to the host they are for and nowhere else. What was sent is never sent again by
 * itself: a push whose answer got lost may have arrived.
 *
 * Errors: `library/offline`, `library/connection-cut`, `library/timed-out`, `library/too-large`,
 * `library/access-denied`, `library/remote-not-found`, `library/certificate`, `library/bad-redirect`.
 */
export function httpTransport(
  url: string,
  credentials: Credentials | null,
  options: TransportOptions,
): Transport {
  // A redirected advertisement moves the whole repository, as in git itself.
  let base = url;
  let received = 0;
  return { wireUrl: url, place: new URL(url).host, request, close: () => undefined };

  async function request(wire: WireRequest): Promise<WireResponse> {
    const step = wireStep(url, wire.url);
    const suffix = wire.url.slice(url.length);
    const body = step.step === 'send' ? await collectBody(wire.body) : null;
    let target = new URL(base + suffix);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const answer = await exchangeOnceMore(target, wire, body);
      if (!REDIRECTS.has(answer.status)) {
        if (!body && target.href.endsWith(suffix)) base = target.href.slice(0, -suffix.length);
        return toWire(answer, wire, step);
      }
      // Only the question may be led elsewhere, as in git itself: what is sent goes where was asked.
      if (body) throw badRedirect(target.host);
      target = redirected(target, answer.location);
    }
    throw badRedirect(target.host);
  }

  /** A kept connection may have been closed under us since the last request: a read is simply asked again. */
  async function exchangeOnceMore(target: URL, wire: WireRequest, body: Buffer | null) {
    try {
      return await exchange(target, wire, body);
    } catch (error) {
      const cut = error instanceof AppError && error.code === 'library/connection-cut';
      if (!cut || body) throw error;
      return exchange(target, wire, body);
    }
  }

  async function exchange(target: URL, wire: WireRequest, body: Buffer | null): Promise<Answer> {
    const idle = new AbortController();
    const idleMs = options.idleMs ?? REMOTE_IDLE_MS;
    const sendingMs = (body?.byteLength ?? 0) / SLOWEST_UPLOAD;
    let timer = setTimeout(() => idle.abort(), idleMs + sendingMs);
    let headersSeen = false;
    try {
      const response = await fetch(target, {
        method: body ? 'POST' : 'GET',
        headers: { ...wire.headers, ...authorization(target) },
        redirect: 'manual',
        signal: AbortSignal.any([idle.signal, options.signal]),
        ...(body ? { body: new Uint8Array(body) } : {}),
      });
      headersSeen = true;
      const parts: Uint8Array[] = [];
      let bytes = 0;
      for await (const part of response.body ?? []) {
        clearTimeout(timer);
        timer = setTimeout(() => idle.abort(), idleMs);
        bytes += part.byteLength;
        received += part.byteLength;
        if (bytes > (options.maxBytes ?? MAX_FETCH_BYTES)) throw tooLarge('bytes in one answer');
        parts.push(part);
        options.onBytes(received);
      }
      return {
        status: response.status,
        statusText: response.statusText,
        location: response.headers.get('location'),
        headers: Object.fromEntries(response.headers),
        parts,
        url: target.href,
      };
    } catch (error) {
      if (error instanceof AppError) throw error;
      options.signal.throwIfAborted();
      if (idle.signal.aborted) throw stalled(target.host);
      throw unreachable(target.host, error, headersSeen);
    } finally {
      clearTimeout(timer);
      idle.abort();
    }
  }

  function authorization(target: URL): Record<string, string> {
    if (!credentials || target.origin !== new URL(url).origin) return {};
    const pair = Buffer.from(`${credentials.username}:${credentials.password}`, 'utf8');
    return { authorization: `Basic ${pair.toString('base64')}` };
  }

  function redirected(from: URL, location: string | null): URL {
    if (location === null || !URL.canParse(location, from.href)) throw badRedirect(from.host);
    const to = new URL(location, from.href);
    const secure = to.protocol === 'https:' || (from.protocol === 'http:' && isLocal(to));
    const leaves = to.origin !== from.origin;
    if (!secure || (leaves && credentials) || to.username || to.password) {
      throw badRedirect(from.host);
    }
    return to;
  }

  function toWire(answer: Answer, wire: WireRequest, { service, step }: WireStep): WireResponse {
    const type = `application/x-${service}-${step === 'ask' ? 'advertisement' : 'result'}`;
    switch (answer.status) {
      case 200:
        // A page, or a server of the old protocol that only hands out files.
        if (answer.headers['content-type'] !== type) throw notGit(url);
        return {
          url: wire.url,
          statusCode: 200,
          statusMessage: answer.statusText,
          headers: answer.headers,
          body: bodyOf(answer.parts),
        };
      case 401:
      case 403:
      case 407:
        throw service === 'git-receive-pack' && credentials
          ? mayNotWrite(url)
          : accessDenied(url, credentials !== null);
      case 404:
      case 410:
        throw remoteNotFound(url);
      case 413:
        throw tooLarge('bytes that it takes at once');
      default:
        if (answer.status >= 500) throw unavailable(new URL(url).host, answer.status);
        throw notGit(url);
    }
  }
}

interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly location: string | null;
  readonly headers: Record<string, string>;
  readonly parts: readonly Uint8Array[];
  readonly url: string;
}

function isLocal(url: URL): boolean {
  return url.protocol === 'http:' && isLoopback(url.hostname);
}
