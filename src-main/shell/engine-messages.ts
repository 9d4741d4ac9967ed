import type { ErrorShape } from '../../src-contract/app-error.ts';
import type { Result } from '../../src-contract/result.ts';

/** How any client of this machine reaches a running engine. */
export interface AttachInfo {
  /** Unix socket or named pipe. */
  readonly path: string;
  /** Both sides prove to know it: a named pipe can't be closed to others by its permissions. */
  readonly token: string;
}

/** What only the host can do, asked by the engine over its channel. */
export type HostVerb =
  | { readonly verb: 'secrets.backend' }
  | { readonly verb: 'secrets.wrap'; readonly plain: string }
  | { readonly verb: 'secrets.unwrap'; readonly wrapped: string }
  | { readonly verb: 'spawn'; readonly kind: string };

export type FromEngine =
  | { readonly t: 'ready'; readonly attach: AttachInfo }
  /** The engine can't start and starting again would not help; it exits with ENGINE_REFUSED. */
  | { readonly t: 'refused'; readonly error: ErrorShape }
  | { readonly t: 'host'; readonly id: number; readonly call: HostVerb }
  | { readonly t: 'pong'; readonly id: number };

/** In Electron, `client` and the answer to `spawn` carry a MessagePort. */
export type ToEngine =
  | { readonly t: 'client' }
  | { readonly t: 'host-result'; readonly id: number; readonly result: Result<unknown> }
  | { readonly t: 'ping'; readonly id: number }
  | { readonly t: 'stop' };

/** Exit code of an engine that refused to start and said why. */
export const ENGINE_REFUSED = 3;
