import { fork } from 'node:child_process';
import type { EngineChild, LaunchEngine } from '../shell/engine-host.ts';
import type { FromEngine } from '../shell/engine-messages.ts';

export interface ForkEngineOptions {
  /** `out/node/engine.cjs`, or the source in tests. */
  readonly entry: string;
  readonly dataDir: string;
  readonly workspace: string;
}

/** Starts the engine as a child process of plain Node. It ends by itself when this process is gone. */
export function forkEngine(options: ForkEngineOptions): LaunchEngine {
  const args = ['--data-dir', options.dataDir, '--workspace', options.workspace, '--shell', 'web'];
  return (): EngineChild => {
    const child = fork(options.entry, args, {
      // An inspector port of this process must not be opened again by the child.
      execArgv: [],
      serialization: 'json',
      // stdout belongs to the one line (or document) of this process.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    let isOver = false;
    const once = (listener: (reason: string) => void, reason: string): void => {
      if (isOver) return;
      isOver = true;
      listener(reason);
    };
    return {
      pid: child.pid,
      post: (message) => {
        // The channel of a dying child closes before its end is told.
        if (child.connected) child.send(message, () => undefined);
      },
      onMessage: (listener) =>
        child.on('message', (message: unknown) => listener(message as FromEngine)),
      onExit: (listener) => {
        child.once('error', (error) => {
          if (child.pid === undefined) once(listener, error.message);
        });
        child.once('exit', (code, signal) => once(listener, signal ?? `exit code ${code}`));
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
