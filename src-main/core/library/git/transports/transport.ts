import type { Accelerator } from '../accelerator.ts';

/** The two conversations of git: `git-upload-pack` is read, `git-receive-pack` is written. */
export type Service = 'git-upload-pack' | 'git-receive-pack';

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
 * A way to a repository. HTTPS, SSH and local paths look the same from here: isomorphic-git speaks
 * smart HTTP to `wireUrl`, and the transport carries it where it belongs. A request that changes the
 * remote (`POST …/git-receive-pack`) is sent once: whether to try again is for who knows what it was.
 */
export interface Transport {
  /** http(s) address for the protocol's sake. Never holds credentials. */
  readonly wireUrl: string;
  /** For messages: a host or a path. */
  readonly place: string;
  /** A faster way to fetch from the same place, where there is one. */
  readonly accelerator?: Accelerator | null;
  request(request: WireRequest): Promise<WireResponse>;
  /** Lets go of what is held open between requests. Call it when the job is done; may be called twice. */
  close(): void;
}

/** What a request is, by its address. */
export interface WireStep {
  readonly service: Service;
  /** `ask`: which refs there are; `send`: the rest of the conversation. */
  readonly step: 'ask' | 'send';
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

/** The bytes of an answer, piece by piece, so that the whole isn't held twice. */
export async function* bodyOf(
  bytes: Uint8Array | readonly Uint8Array[],
): AsyncGenerator<Uint8Array, undefined, undefined> {
  if (bytes instanceof Uint8Array) yield bytes;
  else yield* bytes;
}

/** Reads the step from a request's address; isomorphic-git asks for nothing else. */
export function wireStep(wireUrl: string, url: string): WireStep {
  for (const service of ['git-upload-pack', 'git-receive-pack'] as const) {
    if (url === `${wireUrl}/info/refs?service=${service}`) return { service, step: 'ask' };
    if (url === `${wireUrl}/${service}`) return { service, step: 'send' };
  }
  throw new Error('a request outside of its repository');
}

/** The answer of smart HTTP that these bytes of git's own protocol are. */
export function answered(
  url: string,
  { service, step }: WireStep,
  output: readonly Buffer[],
): WireResponse {
  const type = step === 'ask' ? 'advertisement' : 'result';
  return {
    url,
    statusCode: 200,
    statusMessage: 'OK',
    headers: { 'content-type': `application/x-${service}-${type}` },
    body: bodyOf(step === 'ask' ? [announcement(service), ...output] : output),
  };
}

/** What smart HTTP puts before the refs: the name of the service, then a flush. */
function announcement(service: Service): Buffer {
  return Buffer.concat([packetLine(`# service=${service}\n`), FLUSH]);
}

export const FLUSH = Buffer.from('0000', 'latin1');

/** One line of git's protocol: four hexadecimal digits of its length, then the bytes. At most 65,516 bytes. */
export function packetLine(content: string | Uint8Array): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  const length = (bytes.byteLength + 4).toString(16).padStart(4, '0');
  return Buffer.concat([Buffer.from(length, 'latin1'), bytes]);
}
