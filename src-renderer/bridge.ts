import { AppError } from '../src-contract/app-error.ts';
import type { CarrelBridge } from '../src-contract/bridge.ts';
import type { CallName, Input, Output, StreamEvent, StreamName } from '../src-contract/index.ts';
import type { EngineState } from '../src-contract/protocol.ts';
import type { Result } from '../src-contract/result.ts';
import { WebTransport } from './bridge-web.ts';

/**
 * The only way from a screen to the engine, and the only user of `window.carrel` (desktop) and of
 * the web socket (browser). Answers are unwrapped: a failure is thrown as `AppError`.
 */

declare global {
  interface Window {
    readonly carrel?: CarrelBridge;
  }
}

export interface Streaming {
  /** Asks the engine to stop. `done` then settles as the engine ends it. */
  readonly cancel: () => void;
  /** Resolves at the end; rejects with `AppError`. */
  readonly done: Promise<void>;
}

type Transport = Pick<CarrelBridge, 'call' | 'stream' | 'onEngine' | 'retryEngine'>;

/** Where this screen runs. */
export function shell(): 'desktop' | 'web' {
  return window.carrel ? 'desktop' : 'web';
}

/** Calls a query or command. Throws `AppError`; `engine/ended` when the engine ended before it answered. */
export async function call<K extends CallName>(route: K, input: Input<K>): Promise<Output<K>> {
  return unwrap((await transport().call(route, input)) as Result<Output<K>>);
}

/** Opens a stream; `onEvent` gets each event in order. */
export function stream<K extends StreamName>(
  route: K,
  input: Input<K>,
  onEvent: (event: StreamEvent<K>) => void,
): Streaming {
  let cancel: () => void = () => undefined;
  const done = new Promise<void>((resolve, reject) => {
    cancel = transport().stream(
      route,
      input,
      (events) => {
        for (const event of events) onEvent(event as StreamEvent<K>);
      },
      (result) => {
        if (result.ok) resolve();
        else reject(AppError.fromShape(result.error));
      },
    );
  });
  return { cancel: () => cancel(), done };
}

/** Calls back at once with the engine's state, then with each change. Returns the way to stop. */
export function onEngineState(cb: (state: EngineState) => void): () => void {
  return transport().onEngine(cb);
}

/** A person asks for another try after the engine could not start. */
export function retryEngine(): void {
  transport().retryEngine();
}

/** Absolute path of a dropped or chosen file, or null where it has none (a browser, a virtual file). */
export function filePath(file: File): string | null {
  return window.carrel?.pathForFile(file) || null;
}

/** Any thrown thing as what an `ErrorBanner` shows. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AppError('screen/unexpected', `This screen met something unexpected: ${message}`, {
    remedy: 'Nothing stored was changed by it. Try again, or reload the window.',
    action: 'retry',
    cause: error,
  });
}

function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw AppError.fromShape(result.error);
}

// Made at first use, never at import.
let present: Transport | null = null;

function transport(): Transport {
  present ??= window.carrel ?? openWebTransport();
  return present;
}

function openWebTransport(): Transport {
  return new WebTransport({
    fetchTicket: () =>
      fetch('/ticket', { method: 'POST', headers: { accept: 'application/json' } }),
    postRetry: () => fetch('/retry', { method: 'POST' }),
    reload: () => window.location.reload(),
    openSocket: (ticket) => {
      const url = new URL('/engine', window.location.href);
      url.protocol = url.protocol.replace('http', 'ws');
      url.searchParams.set('ticket', ticket);
      return new WebSocket(url);
    },
  });
}
