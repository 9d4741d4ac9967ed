/** Waiting, injected so that tests need not. */
export interface Timers {
  /** Calls `run` once after so many milliseconds; what it returns calls that off. Keeps no process alive. */
  after(ms: number, run: () => void): () => void;
}

export const systemTimers: Timers = {
  after: (ms, run) => {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
};
