import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** What a request wants: to read a page or file, to change something, or to open the web socket. */
export type Purpose = 'read' | 'change' | 'socket';

/** Why a request is refused, for the person who sees it. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

/** Names under which a server on loopback is reached; anything else is another site pointing its name at us. */
export function allowedHosts(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`];
}

/**
 * Whether a request may come from our own page. `Host` must be one of ours exactly (DNS rebinding);
 * what changes something needs the `Origin` of the same host; a read by another site is refused
 * where the browser says so, even one on this machine (other ports count as the same site).
 */
export function refusalOf(
  request: IncomingMessage,
  port: number,
  purpose: Purpose,
): Refusal | null {
  const host = hostOf(request);
  if (host === null || !allowedHosts(port).includes(host)) return wrongHost(port);
  const { origin } = request.headers;
  const isOwnOrigin = origin === `http://${host}`;
  if (origin !== undefined && !isOwnOrigin) return foreign;
  const site = header(request.headers, 'sec-fetch-site');
  if (purpose === 'read') {
    if (isPrefetch(request.headers)) return prefetch;
    const isForeign = site !== undefined && site !== 'same-origin' && site !== 'none';
    return isForeign && !isNavigation(request.headers) ? foreign : null;
  }
  if (!isOwnOrigin) return foreign;
  return site === undefined || site === 'same-origin' ? null : foreign;
}

/** The one `Host` header, or null for none, several, or a request line with a host of its own. */
export function hostOf(request: IncomingMessage): string | null {
  const names = request.rawHeaders.filter((_, index) => index % 2 === 0);
  if (names.filter((name) => name.toLowerCase() === 'host').length !== 1) return null;
  if (!request.url?.startsWith('/')) return null;
  return request.headers.host ?? null;
}

/** A person follows a link or types an address: shows a page, and lends no cookie to the other site. */
function isNavigation(headers: IncomingHttpHeaders): boolean {
  return (
    header(headers, 'sec-fetch-mode') === 'navigate' &&
    header(headers, 'sec-fetch-dest') === 'document'
  );
}

/** A browser that loads ahead would use up a start link that nobody has opened yet. */
function isPrefetch(headers: IncomingHttpHeaders): boolean {
  return header(headers, 'sec-purpose') !== undefined || header(headers, 'purpose') === 'prefetch';
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function wrongHost(port: number): Refusal {
  return {
    status: 403,
    reason: `This server answers to http://127.0.0.1:${port} only. Over a tunnel, use the same port number on both ends.`,
  };
}

const foreign: Refusal = { status: 403, reason: 'Only pages of Carrel itself may ask for this.' };
const prefetch: Refusal = { status: 403, reason: 'Pages of Carrel are not loaded ahead.' };
