import { spawn } from 'node:child_process';
import { watchParent } from '../src-main/web/parent-watch.ts';

/** Time the desktop app has to end after it was asked to. */
const END_MS = 5_000;
/** A program that can't run here (a library is missing, no sandbox, no display) says so by then. */
const QUICK_MS = 10_000;

export interface RunDesktopOptions {
  /** The Electron program. */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Tests shorten it. */
  readonly quickMs?: number;
}

/**
 * Runs the desktop app to its end. Gives its exit code, or why it can't run on this system: it could
 * not be started, or ended with a failure or by a signal, soon and unasked.
 */
export function runDesktop(options: RunDesktopOptions): Promise<number | string> {
  const { program, args, cwd, quickMs = QUICK_MS } = options;
  // With it Electron is a plain Node and shows no window.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  return new Promise((done) => {
    const startedAt = performance.now();
    const app = spawn(program, args, { cwd, env, stdio: 'inherit' });
    let isAsked = false;
    const end = (): void => {
      isAsked = true;
      app.kill('SIGTERM');
      setTimeout(() => app.kill('SIGKILL'), END_MS).unref();
    };
    const stopWatching = watchParent(end);
    // Ctrl-C in a terminal reaches the app as well; asked twice it is asked once.
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    for (const signal of signals) process.once(signal, end);
    const finish = (result: number | string): void => {
      stopWatching();
      // The web shell that may follow has its own.
      for (const signal of signals) process.off(signal, end);
      done(result);
    };
    app.once('error', (error) => finish(error.message));
    app.once('close', (exit, signal) => {
      const isSoon = performance.now() - startedAt < quickMs;
      if (isSoon && !isAsked && exit !== 0) finish(signal ?? `exit code ${exit}`);
      else finish(exit ?? 1);
    });
  });
}
