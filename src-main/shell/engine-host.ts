import type { ErrorShape } from '../../src-contract/app-error.ts';
import type { EngineState } from '../../src-contract/protocol.ts';
import type { Logger } from '../core/shared/logger.ts';
import type { AttachInfo, FromEngine, ToEngine } from './engine-messages.ts';
import { EnginePulse } from './engine-pulse.ts';

/** A started engine process, whatever started it: `child_process.fork` or Electron's `utilityProcess`. */
export interface EngineChild {
  readonly pid: number | undefined;
  post(message: ToEngine): void;
  onMessage(listener: (message: FromEngine) => void): void;
  /** Called once, however it ended; `reason` is short: `exit code 1`, `SIGKILL`. */
  onExit(listener: (reason: string) => void): void;
  /** SIGKILL: ends it at once, whatever it is doing. */
  kill(): void;
}

export type LaunchEngine = () => EngineChild;

/** Times in milliseconds. Tests shorten them; the program uses ENGINE_HOST_LIMITS. */
export interface EngineHostLimits {
  /** First wait before a restart; doubles with each end in a row. */
  readonly backoffFirst: number;
  readonly backoffMax: number;
  /** So many ends within the window are a loop. */
  readonly loopCount: number;
  readonly loopWindow: number;
  /** Pause after a loop was noticed, before one more try. */
  readonly brake: number;
  readonly pingEvery: number;
  /** Unanswered pings before the silence is told. */
  readonly tellAfterPings: number;
  /** Unanswered pings before the engine is killed. */
  readonly killAfterPings: number;
  readonly start: number;
  readonly stop: number;
  /** Time a refusing engine has to exit by itself. */
  readonly refusedExit: number;
}

export const ENGINE_HOST_LIMITS: EngineHostLimits = {
  backoffFirst: 100,
  backoffMax: 10_000,
  loopCount: 5,
  loopWindow: 60_000,
  brake: 60_000,
  pingEvery: 5_000,
  tellAfterPings: 3,
  // 3 minutes: a check of a very large store holds the engine's thread that long, a hang holds it for ever.
  killAfterPings: 36,
  // A migration copies the store before it begins.
  start: 600_000,
  stop: 3_000,
  refusedExit: 1_000,
};

export interface EngineHostDeps {
  readonly launch: LaunchEngine;
  readonly logger: Logger;
  readonly limits?: Partial<EngineHostLimits>;
}

/**
 * Keeps one engine process running: starts it, notices its end at once, restarts it with back-off,
 * brakes when it ends in a loop, and does not restart one that said that it can't start (`refused`).
 */
export class EngineHost {
  readonly #deps: EngineHostDeps;
  readonly #limits: EngineHostLimits;
  readonly #listeners = new Set<(state: EngineState) => void>();
  #state: EngineState = { kind: 'starting' };
  #failure: ErrorShape | null = null;
  #child: EngineChild | null = null;
  #attach: AttachInfo | null = null;
  #refusal: ErrorShape | null = null;
  #killReason: string | null = null;
  #ends: number[] = [];
  #inRow = 0;
  #pulse: EnginePulse | null = null;
  #startTimer: NodeJS.Timeout | null = null;
  #restartTimer: NodeJS.Timeout | null = null;
  #stopping: Promise<void> | null = null;
  #onStopped: (() => void) | null = null;

  constructor(deps: EngineHostDeps) {
    this.#deps = deps;
    this.#limits = { ...ENGINE_HOST_LIMITS, ...deps.limits };
  }

  get state(): EngineState {
    return this.#state;
  }

  /** How to reach the running engine; null while none runs. */
  get attach(): AttachInfo | null {
    return this.#attach;
  }

  /** Why the state is `failed`, with its code; else null. */
  get failure(): ErrorShape | null {
    return this.#failure;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Calls back with each change of the state. Returns the way to stop it. */
  onState(listener: (state: EngineState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Starts the engine; does nothing while one runs. */
  start(): void {
    if (this.#child || this.#stopping) return;
    this.#cancelRestart();
    let child: EngineChild;
    try {
      child = this.#deps.launch();
    } catch (error) {
      this.#crashed(error instanceof Error ? error.message : String(error));
      return;
    }
    this.#child = child;
    this.#refusal = null;
    this.#killReason = null;
    child.onMessage((message) => this.#receive(child, message));
    child.onExit((reason) => this.#exited(child, reason));
    this.#startTimer = setTimeout(() => {
      this.#killFor(`was not ready after ${this.#limits.start / 1000} s`);
    }, this.#limits.start);
  }

  /** A person asks for another try after `failed`. */
  retry(): void {
    if (this.#state.kind !== 'failed' || this.#child) return;
    this.#ends = [];
    this.#inRow = 0;
    this.#set({ kind: 'starting' });
    this.start();
  }

  /** Ends the engine: asks first, kills it when it takes longer than its limit. */
  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  #end(): Promise<void> {
    this.#cancelRestart();
    const child = this.#child;
    if (!child) return Promise.resolve();
    return new Promise((resolve) => {
      const late = setTimeout(() => child.kill(), this.#limits.stop);
      this.#onStopped = () => {
        clearTimeout(late);
        resolve();
      };
      child.post({ t: 'stop' });
    });
  }

  #receive(child: EngineChild, message: FromEngine): void {
    if (child !== this.#child || this.#stopping) return;
    switch (message.t) {
      case 'ready':
        this.#clearStartTimer();
        this.#attach = message.attach;
        this.#set({ kind: 'running' });
        this.#watch(child);
        return;
      case 'refused':
        this.#clearStartTimer();
        this.#refusal = message.error;
        this.#startTimer = setTimeout(() => child.kill(), this.#limits.refusedExit);
        return;
      case 'pong':
        this.#pulse?.answered(message.id);
        return;
      case 'host':
        // Answered by the launcher of the shell that has what the engine asks for.
        return;
    }
  }

  #watch(child: EngineChild): void {
    this.#pulse = new EnginePulse(child, {
      every: this.#limits.pingEvery,
      tellAfter: this.#limits.tellAfterPings,
      killAfter: this.#limits.killAfterPings,
      onSilent: (seconds) =>
        this.#set({ kind: 'running', ...(seconds === null ? {} : { silentSeconds: seconds }) }),
      onHung: (seconds) => this.#killFor(`did not answer for ${seconds} s`),
    });
  }

  #killFor(reason: string): void {
    this.#killReason = reason;
    this.#child?.kill();
  }

  #exited(child: EngineChild, reason: string): void {
    if (child !== this.#child) return;
    this.#child = null;
    this.#attach = null;
    this.#clearStartTimer();
    this.#pulse?.stop();
    this.#pulse = null;
    if (this.#stopping) this.#onStopped?.();
    else if (this.#refusal) this.#fail(this.#refusal);
    else this.#crashed(this.#killReason ?? `ended (${reason})`);
  }

  #crashed(reason: string): void {
    const now = performance.now();
    const last = this.#ends.at(-1);
    if (last !== undefined && now - last > this.#limits.loopWindow) this.#inRow = 0;
    this.#inRow += 1;
    this.#ends = [...this.#ends.filter((at) => now - at < this.#limits.loopWindow), now];
    this.#deps.logger.warn('engine ended', { reason, inRow: this.#inRow });
    if (this.#ends.length >= this.#limits.loopCount) {
      this.#ends = [];
      this.#restartTimer = setTimeout(() => this.start(), this.#limits.brake);
      this.#fail(crashLoop(reason, this.#limits.brake));
      return;
    }
    const wait = Math.min(
      this.#limits.backoffFirst * 2 ** (this.#inRow - 1),
      this.#limits.backoffMax,
    );
    this.#restartTimer = setTimeout(() => this.start(), wait);
    this.#set({ kind: 'restarting', attempt: this.#inRow, reason: `The engine ${reason}.` });
  }

  #fail(error: ErrorShape): void {
    this.#set({ kind: 'failed', reason: error.message, remedy: error.remedy }, error);
  }

  #set(state: EngineState, failure: ErrorShape | null = null): void {
    this.#state = state;
    this.#failure = failure;
    for (const listener of this.#listeners) listener(state);
  }

  #clearStartTimer(): void {
    if (this.#startTimer) clearTimeout(this.#startTimer);
    this.#startTimer = null;
  }

  #cancelRestart(): void {
    if (this.#restartTimer) clearTimeout(this.#restartTimer);
    this.#restartTimer = null;
  }
}

function crashLoop(reason: string, brakeMs: number): ErrorShape {
  return {
    code: 'engine/crash-loop',
    message: `The engine keeps ending: the last time it ${reason}.`,
    remedy: `Carrel tries again after ${Math.round(brakeMs / 1000)} s. The logs folder of the data directory says why it ended.`,
  };
}
