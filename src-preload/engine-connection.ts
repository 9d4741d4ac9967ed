import type { ErrorShape } from '../src-contract/app-error.ts';
import { EngineClient } from '../src-contract/client.ts';
import type { EngineFrame } from '../src-contract/protocol.ts';
import { fail, type Result } from '../src-contract/result.ts';
import { routes } from '../src-contract/routes.ts';

const ENGINE_ENDED: ErrorShape = {
  code: 'engine/ended',
  message: 'The engine ended while it worked on this.',
  remedy: 'Try again. What was stored before is safe.',
  action: 'retry',
};

type Waiting = (client: EngineClient) => void;

/** The window's connection to the engine over a MessagePort: a new one each time the engine starts. */
export class EngineConnection {
  #client: EngineClient | null = null;
  #port: MessagePort | null = null;
  #waiting: Waiting[] = [];

  /** Takes the port of a running engine; what was asked before it came is sent now. */
  connect(port: MessagePort): void {
    this.lost();
    const client = new EngineClient((frame) => port.postMessage(frame));
    port.addEventListener('message', (event: MessageEvent<EngineFrame>) =>
      client.receive(event.data),
    );
    port.start();
    this.#port = port;
    this.#client = client;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const send of waiting) send(client);
  }

  /** The engine is gone: what is open fails. */
  lost(): void {
    this.#client?.close(ENGINE_ENDED);
    this.#port?.close();
    this.#client = null;
    this.#port = null;
  }

  call(route: string, input: unknown): Promise<Result<unknown>> {
    if (!isKnown(route)) return Promise.resolve(fail(unknownRoute(route)));
    return new Promise((resolve) => {
      this.#withClient((client) => void client.call(route, input).then(resolve));
    });
  }

  stream(
    route: string,
    input: unknown,
    onEvents: (events: readonly unknown[]) => void,
    onEnd: (result: Result<null>) => void,
  ): () => void {
    if (!isKnown(route)) {
      queueMicrotask(() => onEnd(fail(unknownRoute(route))));
      return () => undefined;
    }
    let cancel: (() => void) | null = null;
    let cancelled = false;
    this.#withClient((client) => {
      const handle = client.stream(route, input, onEvents);
      cancel = () => handle.cancel();
      if (cancelled) cancel();
      void handle.end.then(onEnd);
    });
    return () => {
      cancelled = true;
      cancel?.();
    };
  }

  #withClient(send: Waiting): void {
    if (this.#client) send(this.#client);
    else this.#waiting.push(send);
  }
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
