import type { Result } from './result.ts';

/**
 * What travels between a client (window, browser, terminal) and the engine, the same on every
 * transport: structured clones on a MessagePort, one JSON document a line on a local socket, one a
 * message on a web socket. Frames keep their order.
 */
export type ClientFrame =
  /** `id` is the caller's, answered by exactly one `result`. A stream route answers with `{streamId}`. */
  | {
      readonly t: 'call';
      readonly id: number;
      readonly route: string;
      readonly input: unknown;
    }
  /** Everything up to `batch` was taken; the engine holds back when too much is open. */
  | { readonly t: 'ack'; readonly stream: number; readonly batch: number };

export type EngineFrame =
  | { readonly t: 'result'; readonly id: number; readonly result: Result<unknown> }
  | {
      readonly t: 'events';
      readonly stream: number;
      readonly batch: number;
      readonly events: readonly unknown[];
    }
  | { readonly t: 'end'; readonly stream: number; readonly result: Result<null> };

/** What a shell tells its screen about the engine behind it. */
export type EngineState =
  | { readonly kind: 'starting' }
  /** `silentSeconds` is set while the engine has not answered its shell for so long. */
  | { readonly kind: 'running'; readonly silentSeconds?: number }
  | { readonly kind: 'restarting'; readonly attempt: number; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly remedy: string };

/** Sent by the shell itself, between the engine's frames. */
export interface ShellFrame {
  readonly t: 'engine';
  readonly state: EngineState;
}
