import type { EngineState } from './protocol.ts';
import type { Result } from './result.ts';

/**
 * What the preload of the desktop shell exposes as `window.carrel`: functions only, never a port or
 * an `ipcRenderer`, and envelopes only, since an error thrown across the context bridge loses its
 * code. Types only: the renderer reads them, the preload implements them.
 */
export interface CarrelBridge {
  /** One answer for one route; never rejects. */
  call(route: string, input: unknown): Promise<Result<unknown>>;
  /** Events in batches as the engine coalesced them, then exactly one end. Returns the way to cancel. */
  stream(
    route: string,
    input: unknown,
    onEvents: (events: readonly unknown[]) => void,
    onEnd: (result: Result<null>) => void,
  ): () => void;
  /** Calls back at once with the present state, then with each change. Returns the way to stop. */
  onEngine(cb: (state: EngineState) => void): () => void;
  /** Asks the shell to start the engine again after `failed`; does nothing otherwise. */
  retryEngine(): void;
  /** Absolute path of a dropped or chosen file or folder; empty when it has none on disk. */
  pathForFile(file: File): string;
  /** `process.platform` of the shell. */
  readonly platform: string;
}
