import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { AppError } from '../../src-contract/app-error.ts';
import { MAX_FRAME_BYTES } from '../../src-contract/limits.ts';
import type { Logger } from '../core/shared/logger.ts';
import { Answers, refuseOn } from './answers.ts';
import { allowedHosts, hostOf, refusalOf } from './origin.ts';
import type { PeerUser } from './peer-user.ts';
import { CLOSE, Relay, type EngineView } from './relay.ts';
import { Requests } from './requests.ts';
import { cookieName, type Guests, type Sessions } from './session.ts';
import type { StaticFiles } from './static-files.ts';

/** Cookies of all local programs arrive together; more than this is not a browser. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Tabs and their parallel requests of a few browsers. */
const MAX_CONNECTIONS = 256;
/** Open tabs of one browser. */
const MAX_SOCKETS_PER_SESSION = 32;
/** Time to send a whole head, and a whole request: on loopback both take milliseconds. */
const HEAD_MS = 10_000;
const REQUEST_MS = 20_000;

export interface WebServerDeps {
  readonly files: StaticFiles;
  readonly sessions: Sessions;
  readonly engine: EngineView;
  readonly peerUser: PeerUser;
  /** A person asks for another try after the engine failed. */
  readonly retryEngine: () => void;
  readonly logger: Logger;
}

/** The renderer and the way to the engine for browsers of this machine, on 127.0.0.1 only. */
export class WebServer {
  readonly #deps: WebServerDeps;
  readonly #server: Server;
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
  });
  readonly #requests: Requests;
  readonly #connections = new Set<Socket>();
  #port = 0;

  constructor(deps: WebServerDeps) {
    this.#deps = deps;
    this.#requests = new Requests(deps, () => this.#port);
    this.#server = createServer({
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEAD_MS,
      requestTimeout: REQUEST_MS,
      // Refused by our own check, with our headers.
      requireHostHeader: false,
    });
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.on('connection', (socket) => {
      this.#connections.add(socket);
      socket.once('close', () => this.#connections.delete(socket));
    });
    this.#server.on('request', (request, response) => void this.#answer(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#server.on('checkExpectation', (_request, response: ServerResponse) =>
      new Answers(response, this.#ownHost, false).text(417, 'No expectations are met here.'),
    );
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      const isLarge = error.code === 'HPE_HEADER_OVERFLOW';
      const text = isLarge ? 'The head of the request is too large.' : 'This is not HTTP.';
      refuseOn(socket, isLarge ? 431 : 400, text, this.#ownHost);
    });
  }

  get port(): number {
    return this.#port;
  }

  /** A new link that lets one browser in, once. */
  newLink(guests: Guests): string {
    return `http://${this.#ownHost}/?token=${this.#deps.sessions.newToken(guests)}`;
  }

  /** Listens on 127.0.0.1; port 0 takes a free one. Errors: `web/port-in-use`, `web/cannot-listen`. */
  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error) => reject(cannotListen(error, port)));
      this.#server.listen({ host: '127.0.0.1', port, exclusive: true }, resolve);
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Ends every connection, whatever the other side does: nobody else decides when this program ends. */
  async close(): Promise<void> {
    for (const client of this.#webSockets.clients) {
      client.close(CLOSE.goingAway, 'the server ends');
      client.terminate();
    }
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#connections) socket.destroy();
    });
  }

  get #ownHost(): string {
    return allowedHosts(this.#port)[0] ?? '';
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = hostOf(request);
    const host = asked !== null && allowedHosts(this.#port).includes(asked) ? asked : this.#ownHost;
    const answers = new Answers(response, host, request.method === 'HEAD');
    try {
      await this.#requests.answer(request, answers);
    } catch (error) {
      this.#deps.logger.error('web request failed', { path: request.url?.split('?')[0], error });
      if (response.headersSent) response.destroy();
      else answers.text(500, 'Carrel could not answer this. The log says why.');
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refuse = (status: number, text: string): void =>
      refuseOn(socket, status, text, this.#ownHost);
    const refusal = refusalOf(request, this.#port, 'socket');
    if (refusal) {
      refuse(refusal.status, refusal.reason);
      return;
    }
    const [path, query] = (request.url ?? '').split('?', 2);
    if (path !== '/engine') {
      refuse(404, 'There is nothing here.');
      return;
    }
    const { sessions, engine } = this.#deps;
    const ticket = new URLSearchParams(query).get('ticket') ?? '';
    const session = sessions.takeTicket(ticket);
    const cookie = sessions.find(request.headers.cookie, cookieName(this.#port));
    if (!session || session !== cookie) {
      refuse(401, 'The web socket needs a fresh ticket of this browser.');
      return;
    }
    if (session.sockets >= MAX_SOCKETS_PER_SESSION) {
      refuse(429, `More than ${MAX_SOCKETS_PER_SESSION} tabs are open: close some.`);
      return;
    }
    session.sockets += 1;
    socket.once('close', () => (session.sockets -= 1));
    this.#webSockets.handleUpgrade(request, socket, head, (client) => new Relay(client, engine));
  }
}

function cannotListen(error: NodeJS.ErrnoException, port: number): AppError {
  if (error.code === 'EADDRINUSE') {
    return new AppError('web/port-in-use', `Port ${port} is used by another program.`, {
      remedy: 'Name another one with --port, or leave it out: a free one is taken.',
      cause: error,
    });
  }
  return new AppError('web/cannot-listen', `Port ${port} can't be used: ${error.message}.`, {
    remedy: 'Leave --port out: a free one is taken.',
    cause: error,
  });
}
