/** The request of git's smart protocol as isomorphic-git makes it. */
export interface WireRequest {
  readonly url: string;
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: AsyncIterable<Uint8Array> | Iterable<Uint8Array> | undefined;
}

export interface WireResponse {
  readonly url: string;
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly headers: Record<string, string>;
  readonly body: AsyncIterableIterator<Uint8Array>;
}

/**
 * A way to a repository. HTTPS, local paths and (later) SSH look the same from here: isomorphic-git
 * speaks smart HTTP to `wireUrl`, and the transport carries it where it belongs.
 */
export interface Transport {
  /** http(s) address for the protocol's sake. Never holds credentials. */
  readonly wireUrl: string;
  /** For messages: a host or a path. */
  readonly place: string;
  request(request: WireRequest): Promise<WireResponse>;
}

export interface TransportOptions {
  readonly signal: AbortSignal;
  /** Bytes received so far, all requests together. */
  readonly onBytes: (bytes: number) => void;
  /** Milliseconds without a byte after which the remote is given up. */
  readonly idleMs?: number;
  /** Most bytes of one answer. */
  readonly maxBytes?: number;
}

export async function collectBody(body: WireRequest['body']): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of body ?? []) parts.push(part);
  return Buffer.concat(parts);
}

export async function* bodyOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, undefined, undefined> {
  yield bytes;
}
