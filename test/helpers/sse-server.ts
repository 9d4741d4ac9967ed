import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; null for a request without a body. */
  readonly body: ChatBody | null;
  readonly socket: { readonly port: number };
}

export interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
}

/** Answers one chat request; when it returns, the response is ended where it was left open. */
export type Script = (exchange: Exchange) => Promise<void> | void;

export interface SseServerOptions {
  /** Answer of GET /v1/models. */
  readonly models?: readonly string[];
  /** Requests without this key get 401. */
  readonly key?: string;
  /** The streamed answer where no script says otherwise. */
  readonly answer?: string;
  /** Characters of one delta of that answer. */
  readonly deltaChars?: number;
  /** What happens to the n-th chat request (0-based); undefined answers as usual. */
  readonly script?: (n: number, request: SeenRequest) => Script | undefined;
  /** Replaces the answer of GET /v1/models. */
  readonly modelsScript?: Script;
}

export interface SseServer {
  /** `http://127.0.0.1:<port>/v1` */
  readonly baseUrl: string;
  readonly port: number;
  /** All requests so far, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** Chat requests only. */
  readonly chats: readonly SeenRequest[];
  close(): Promise<void>;
}

export const DEFAULT_ANSWER = `## A short answer

Carrel keeps *your* words on **this machine**.

- one point
- another with \`code\`

\`\`\`ts
const answer = 42;
\`\`\`
`;

/**
 * A real HTTP server that speaks the chat completions protocol on 127.0.0.1. Without options it
 * lists one model, `test-model`, and streams a Markdown answer with usage.
 */
export async function startSseServer(options: SseServerOptions = {}): Promise<SseServer> {
  const requests: SeenRequest[] = [];
  const chats: SeenRequest[] = [];
  const server = createServer((message, response) => {
    void answer(message, response).catch((error: unknown) => response.destroy(error as Error));
  });

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(message);
    requests.push(request);
    const exchange = new Exchange(request, response);
    if (options.key && request.headers['authorization'] !== `Bearer ${options.key}`) {
      exchange.json(401, {
        error: { message: 'Incorrect API key provided', code: 'invalid_api_key' },
      });
    } else if (request.path.endsWith('/models')) {
      const models = options.models ?? ['test-model'];
      if (options.modelsScript) await options.modelsScript(exchange);
      else
        exchange.json(200, { object: 'list', data: models.map((id) => ({ id, object: 'model' })) });
    } else if (request.path.endsWith('/chat/completions')) {
      chats.push(request);
      const script = options.script?.(chats.length - 1, request);
      await (script ?? defaultScript(options))(exchange);
    } else {
      exchange.json(404, { error: { message: `nothing at ${request.path}` } });
    }
    exchange.end();
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    port,
    requests,
    chats,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** One request and the many ways to answer it. */
export class Exchange {
  readonly request: SeenRequest;
  /** Settles when the client has gone or the answer is complete. */
  readonly closed: Promise<void>;
  readonly #response: ServerResponse;
  #ended = false;

  constructor(request: SeenRequest, response: ServerResponse) {
    this.request = request;
    this.#response = response;
    this.closed = new Promise((resolve) => response.once('close', resolve));
  }

  get gone(): boolean {
    return this.#response.destroyed;
  }

  json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
    this.head(status, { 'content-type': 'application/json', ...headers });
    this.end(JSON.stringify(body));
  }

  head(status = 200, headers: Readonly<Record<string, string>> = {}): void {
    this.#response.writeHead(status, { 'content-type': 'text/event-stream', ...headers });
    this.#response.flushHeaders();
  }

  /** Sends bytes as they are; settles when the system has taken them. */
  async raw(bytes: string | Uint8Array): Promise<void> {
    if (!this.#response.headersSent) this.head();
    await new Promise<void>((resolve) => this.#response.write(bytes, () => resolve()));
  }

  /** Sends one event with a piece of text. */
  delta(content: string): Promise<void> {
    return this.raw(event(chunk({ content })));
  }

  /** Sends the model's word for its end, usage and the end marker. */
  async finish(
    reason = 'stop',
    usage = { prompt_tokens: 11, completion_tokens: 7 },
  ): Promise<void> {
    await this.raw(event(chunk({}, reason)));
    await this.raw(event({ object: 'chat.completion.chunk', choices: [], usage }));
    await this.raw('data: [DONE]\n\n');
  }

  /** Breaks the connection off without an end. */
  cut(): void {
    this.#ended = true;
    this.#response.socket?.resetAndDestroy();
  }

  /** Says nothing more until the client goes away. */
  async silence(): Promise<void> {
    await this.closed;
  }

  end(last?: string): void {
    if (this.#ended) return;
    this.#ended = true;
    if (!this.#response.headersSent) this.head();
    this.#response.end(last ?? '');
  }
}

/** Body of one event of a streamed answer. */
export function chunk(
  delta: Readonly<Record<string, unknown>>,
  finish: string | null = null,
): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'test-model',
    choices: [{ index: 0, delta, finish_reason: finish }],
  };
}

export function event(body: object): string {
  return `data: ${JSON.stringify(body)}\n\n`;
}

/** Something a script waits for until the test opens it. */
export interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}

export function gate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
}

/** Streams a whole answer in small deltas. */
export function defaultScript(
  options: Pick<SseServerOptions, 'answer' | 'deltaChars'> = {},
): Script {
  const text = options.answer ?? DEFAULT_ANSWER;
  const step = options.deltaChars ?? 6;
  return async (exchange) => {
    await exchange.raw(event(chunk({ role: 'assistant', content: '' })));
    for (let at = 0; at < text.length && !exchange.gone; at += step) {
      await exchange.delta(text.slice(at, at + step));
    }
    await exchange.finish();
  };
}

async function readRequest(message: IncomingMessage): Promise<SeenRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString();
  return {
    method: message.method ?? '',
    path: message.url ?? '',
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [name, String(value)]),
    ),
    body: text ? (JSON.parse(text) as ChatBody) : null,
    socket: { port: message.socket.remotePort ?? 0 },
  };
}
