import { STATUS_CODES, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { newNonce, securityHeaders } from './headers.ts';
import { plainPage } from './pages.ts';

/** Time the other side has to take a refusal and close: a browser needs none of it, a hostile program stays. */
const LINGER_MS = 1_000;

/** Writes whole answers, each with the security headers of the host that it was asked as. */
export class Answers {
  readonly #response: ServerResponse;
  readonly #host: string;
  readonly #isHead: boolean;

  constructor(response: ServerResponse, host: string, isHead: boolean) {
    this.#response = response;
    this.#host = host;
    this.#isHead = isHead;
  }

  send(
    status: number,
    headers: OutgoingHttpHeaders,
    body: string | Buffer,
    nonce: string | null = null,
  ): void {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    this.#response.writeHead(status, {
      ...securityHeaders(this.#host, nonce),
      ...headers,
      'Content-Length': bytes.length,
    });
    this.#response.end(this.#isHead ? undefined : bytes);
  }

  text(status: number, text: string, headers: OutgoingHttpHeaders = {}): void {
    this.send(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers }, `${text}\n`);
  }

  page(status: number, title: string, text: string, tryAgain = false): void {
    const nonce = newNonce();
    const headers = { 'Content-Type': 'text/html; charset=utf-8' };
    this.send(status, headers, plainPage(title, text, { nonce, tryAgain }), nonce);
  }
}

/**
 * Refuses on a bare socket, where Node has no response to write to, and closes it: also where the
 * other side keeps its half open, which no limit of Node's covers any more.
 */
export function refuseOn(socket: Duplex, status: number, text: string, host: string): void {
  const body = Buffer.from(`${text}\n`);
  const headers = {
    ...securityHeaders(host, null),
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': body.length,
    Connection: 'close',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
  socket.on('error', () => socket.destroy());
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const linger = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(linger));
  socket.end(
    Buffer.concat([
      Buffer.from(
        `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\n${head.join('\r\n')}\r\n\r\n`,
      ),
      body,
    ]),
  );
}
