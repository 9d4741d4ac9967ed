import type { ErrorShape } from '../src-contract/app-error.ts';
import type { CarrelBridge } from '../src-contract/bridge.ts';
import { EngineClient } from '../src-contract/client.ts';
import type { EngineFrame, EngineState, ShellFrame } from '../src-contract/protocol.ts';
import { fail, type Result } from '../src-contract/result.ts';

/** What of a `WebSocket` is used, so that a test can bring its own. */
export type Socket = Pick<WebSocket, 'addEventListener' | 'send' | 'close' | 'readyState'>;

export interface WebTransportDeps {
  /** `POST /ticket`, answered with `{ticket}`: good for one socket. */
  readonly fetchTicket: () => Promise<Response>;
  readonly openSocket: (ticket: string) => Socket;
  /** `POST /retry`: the shell starts a failed engine again. */
  readonly postRetry: () => Promise<Response>;
  readonly reload: () => void;
}

/** Waits between attempts in milliseconds: at once quick, since the shell restarts the engine in under a second; never busy. */
const BACK_OFF_MS = [100, 250, 500, 1_000, 2_000, 5_000] as const;
/** How long a new call waits for a connection before it fails, in milliseconds: an engine starts in well under one second. */
const CONNECT_WAIT_MS = 10_000;

const ENDED: ErrorShape = {
  code: 'engine/ended',
  message: 'The engine ended while it worked on this. What was stored is safe.',
  remedy: 'It is being started again. Try once more in a moment.',
  action: 'retry',
};

const UNREACHABLE: ErrorShape = {
  code: 'engine/unreachable',
  message: 'Carrel can’t be reached. What was stored is safe.',
  remedy:
    'Check that it still runs in its terminal, or start it again and open the address that it prints.',
  action: 'retry',
};

/** Failures in a row after which nobody listens any more, not only an engine that is being started. */
const GONE_AFTER = 3;

interface Waiting {
  readonly take: (client: EngineClient) => void;
  readonly giveUp: (error: ErrorShape) => void;
}

/**
 * The engine over a web socket of this page's own server. Everything open fails with `engine/ended`
 * when the engine or the socket ends; a new connection is made with back-off; calls made meanwhile
 * wait for it for a while.
 */
export class WebTransport implements Pick<
  CarrelBridge,
  'call' | 'stream' | 'onEngine' | 'retryEngine'
> {
  readonly #deps: WebTransportDeps;
  readonly #listeners = new Set<(state: EngineState) => void>();
  readonly #waiting = new Set<Waiting>();
  #state: EngineState = { kind: 'starting' };
  #socket: Socket | null = null;
  #client: EngineClient | null = null;
  #failures = 0;

  constructor(deps: WebTransportDeps) {
    this.#deps = deps;
    void this.#connect();
  }

  async call(route: string, input: unknown): Promise<Result<unknown>> {
    const client = await this.#connected();
    return client.ok ? client.value.call(route, input) : client;
  }

  stream(
    route: string,
    input: unknown,
    onEvents: (events: readonly unknown[]) => void,
    onEnd: (result: Result<null>) => void,
  ): () => void {
    let cancel: (() => void) | null = null;
    let cancelled = false;
    void this.#connected().then((client) => {
      if (!client.ok) return onEnd(client);
      const handle = client.value.stream(route, input, onEvents);
      cancel = () => handle.cancel();
      if (cancelled) handle.cancel();
      void handle.end.then(onEnd);
      return undefined;
    });
    return () => {
      cancelled = true;
      cancel?.();
    };
  }

  onEngine(cb: (state: EngineState) => void): () => void {
    this.#listeners.add(cb);
    cb(this.#state);
    return () => this.#listeners.delete(cb);
  }

  /** Where the shell no longer knows this page, a reload says more than this page can. */
  retryEngine(): void {
    const { postRetry, reload } = this.#deps;
    postRetry().then(
      (response) => {
        if (!response.ok) reload();
      },
      // Nobody answers: a reload would only lose this page and its drafts. It goes on looking by itself.
      () => undefined,
    );
  }

  #connected(): Promise<Result<EngineClient>> {
    if (this.#client) return Promise.resolve({ ok: true, value: this.#client });
    if (this.#state.kind === 'failed') return Promise.resolve(fail(shapeOf(this.#state)));
    return new Promise((resolve) => {
      const waiting: Waiting = {
        take: (value) => settle({ ok: true, value }),
        giveUp: (error) => settle(fail(error)),
      };
      const timer = setTimeout(() => waiting.giveUp(UNREACHABLE), CONNECT_WAIT_MS);
      const settle = (result: Result<EngineClient>) => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
        resolve(result);
      };
      this.#waiting.add(waiting);
    });
  }

  async #connect(): Promise<void> {
    let response: Response;
    try {
      response = await this.#deps.fetchTicket();
    } catch {
      // Not even an answer: the shell itself is away.
      if (this.#failures + 1 >= GONE_AFTER) {
        this.#setState({
          kind: 'failed',
          reason: UNREACHABLE.message,
          remedy: UNREACHABLE.remedy,
        });
      }
      this.#retry('no answer');
      return;
    }
    if (response.status === 401 || response.status === 403) {
      this.#setState({
        kind: 'failed',
        reason: 'This page’s sign-in to Carrel has ended.',
        remedy: 'Open the address that Carrel printed when it was started, or start it again.',
      });
      return;
    }
    const ticket = await ticketOf(response);
    if (ticket === null) {
      this.#retry(`the server answered ${response.status}`);
      return;
    }
    this.#listen(this.#deps.openSocket(ticket));
  }

  #listen(socket: Socket): void {
    this.#socket = socket;
    socket.addEventListener('message', (event: MessageEvent<string>) => {
      if (this.#socket !== socket) return;
      const frame = JSON.parse(event.data) as EngineFrame | ShellFrame;
      if (frame.t === 'engine') this.#engineIs(frame.state);
      else this.#client?.receive(frame);
    });
    socket.addEventListener('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#drop();
      this.#retry('the connection closed');
    });
  }

  /** The shell's first frame on a socket, and each later one. Frames of an engine come only while it runs. */
  #engineIs(state: EngineState): void {
    if (state.kind === 'running') {
      const socket = this.#socket;
      if (!socket) return;
      if (this.#client) {
        // Still the same engine: it answers late, or again.
        this.#setState(state);
        return;
      }
      this.#failures = 0;
      const client = new EngineClient((frame) => socket.send(JSON.stringify(frame)));
      this.#client = client;
      this.#setState(state);
      for (const each of this.#waiting) each.take(client);
      return;
    }
    this.#drop();
    this.#setState(state);
  }

  /** Fails all that is open. */
  #drop(): void {
    this.#client?.close(ENDED);
    this.#client = null;
  }

  #retry(reason: string): void {
    this.#failures += 1;
    // What the shell said of its engine is worth more than what a closed socket says.
    if (
      this.#state.kind !== 'failed' &&
      !(this.#state.kind === 'restarting' && this.#failures === 1)
    ) {
      this.#setState({ kind: 'restarting', attempt: this.#failures, reason });
    }
    const wait = BACK_OFF_MS[Math.min(this.#failures, BACK_OFF_MS.length) - 1] ?? 0;
    setTimeout(() => void this.#connect(), wait);
  }

  #setState(state: EngineState): void {
    this.#state = state;
    for (const cb of this.#listeners) cb(state);
    if (state.kind === 'failed') for (const each of this.#waiting) each.giveUp(shapeOf(state));
  }
}

function shapeOf(state: EngineState & { kind: 'failed' }): ErrorShape {
  return { code: 'engine/failed', message: state.reason, remedy: state.remedy };
}

async function ticketOf(response: Response): Promise<string | null> {
  if (!response.ok) return null;
  const body: unknown = await response.json().catch(() => null);
  if (typeof body !== 'object' || body === null || !('ticket' in body)) return null;
  return typeof body.ticket === 'string' ? body.ticket : null;
}
