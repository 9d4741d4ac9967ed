import type { ErrorShape } from '../src-contract/app-error.ts';
import { ENGINE_ENDED, EngineClient } from '../src-contract/client.ts';
import type { EngineFrame, EngineState } from '../src-contract/protocol.ts';
import { fail, type Result } from '../src-contract/result.ts';
import { routes } from '../src-contract/routes.ts';

/** Requests that may wait for an engine; as many as an engine takes of one client at once. */
const MAX_WAITING = 1_024;

/** A request that was made while there was no engine to send it to. */
interface Waiting {
  send(client: EngineClient): void;
  refuse(error: ErrorShape): void;
}

/** The window's connection to the engine over a MessagePort: a new one each time the engine starts. */
export class EngineConnection {
  #client: EngineClient | null = null;
  #port: MessagePort | null = null;
  #generation: number | null = null;
  /** Why there is no engine and none is being started; else null. */
  #failure: ErrorShape | null = null;
  readonly #waiting = new Set<Waiting>();

  /**
   * Takes the port of a running engine; what was asked before it came is sent now. `generation`
   * counts the engines of the shell: a second port to the same one is not needed, and is closed.
   */
  connect(port: MessagePort, generation: number): void {
    if (this.#client && generation === this.#generation) {
      port.close();
      return;
    }
    this.#lose();
    const client = new EngineClient((frame) => port.postMessage(frame));
    port.addEventListener('message', (event: MessageEvent<EngineFrame>) =>
      client.receive(event.data),
    );
    port.start();
    this.#port = port;
    this.#client = client;
    this.#generation = generation;
    this.#failure = null;
    for (const one of this.#takeWaiting()) one.send(client);
  }

  /** What the shell says of the engine: without one what is open fails; where none will come, what waits too. */
  engineIs(state: EngineState): void {
    if (state.kind === 'running') {
      this.#failure = null;
      return;
    }
    this.#lose();
    this.#failure = state.kind === 'failed' ? failed(state) : null;
    if (!this.#failure) return;
    for (const one of this.#takeWaiting()) one.refuse(this.#failure);
  }

  call(route: string, input: unknown): Promise<Result<unknown>> {
    if (!isKnown(route)) return Promise.resolve(fail(unknownRoute(route)));
    return new Promise((resolve) => {
      this.#request({
        send: (client) => void client.call(route, input).then(resolve),
        refuse: (error) => resolve(fail(error)),
      });
    });
  }

  stream(
    route: string,
    input: unknown,
    onEvents: (events: readonly unknown[]) => void,
    onEnd: (result: Result<null>) => void,
  ): () => void {
    const end = (error: ErrorShape): void => queueMicrotask(() => onEnd(fail(error)));
    if (!isKnown(route)) {
      end(unknownRoute(route));
      return () => undefined;
    }
    let cancel: (() => void) | null = null;
    const waiting: Waiting = {
      send: (client) => {
        const handle = client.stream(route, input, onEvents);
        cancel = () => handle.cancel();
        void handle.end.then(onEnd);
      },
      refuse: end,
    };
    this.#request(waiting);
    return () => {
      if (cancel) cancel();
      // Nobody wants it any more, so the engine must not even begin it.
      else if (this.#waiting.delete(waiting)) end(CANCELLED);
    };
  }

  #request(request: Waiting): void {
    if (this.#client) request.send(this.#client);
    else if (this.#failure) request.refuse(this.#failure);
    else if (this.#waiting.size >= MAX_WAITING) request.refuse(TOO_MANY);
    else this.#waiting.add(request);
  }

  #takeWaiting(): Waiting[] {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    return waiting;
  }

  /** The engine is gone: what is open fails. */
  #lose(): void {
    this.#client?.close(ENGINE_ENDED);
    this.#port?.close();
    this.#client = null;
    this.#port = null;
    this.#generation = null;
  }
}

const CANCELLED: ErrorShape = {
  code: 'stream/cancelled',
  message: 'This was stopped before the engine began it.',
  remedy: 'Start it again when you want it.',
};

const TOO_MANY: ErrorShape = {
  code: 'router/too-many-requests',
  message: 'Too many requests wait for the engine to start.',
  remedy: 'Wait until it runs.',
  action: 'retry',
};

function failed({ reason, remedy }: EngineState & { kind: 'failed' }): ErrorShape {
  return { code: 'engine/failed', message: reason, remedy };
}

/** The closed list: what is not in the contract never leaves the window. */
function isKnown(route: string): boolean {
  return typeof route === 'string' && Object.hasOwn(routes, route);
}

function unknownRoute(route: unknown): ErrorShape {
  return {
    code: 'router/unknown-route',
    message: `There is no route "${String(route).slice(0, 80)}".`,
    remedy: 'Update Carrel: the screen and the engine are of different versions.',
  };
}
