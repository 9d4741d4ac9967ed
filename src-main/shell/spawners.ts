import { fork } from 'node:child_process';
import type { ResourceLimits } from 'node:worker_threads';
import type { SpawnWorker } from '../core/shared/worker-host.ts';
import type { FromWorker } from '../core/shared/worker-protocol.ts';

/** Starts trusted work in a thread of this process. Memory over `resourceLimits` ends the thread, not the engine. */
export function threadSpawner(file: string | URL, resourceLimits?: ResourceLimits): SpawnWorker {
  return () => {
    // Loaded with the first job: an engine is there before it has any.
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    const worker = new Worker(file, resourceLimits ? { resourceLimits } : {});
    let failure = '';
    // An error is always followed by `exit`, which reports it.
    worker.on(
      'error',
      (error) => (failure = error instanceof Error ? error.message : String(error)),
    );
    return {
      post: (message) => worker.postMessage(message),
      onMessage: (listener) => worker.on('message', (message: FromWorker) => listener(message)),
      onExit: (listener) => worker.once('exit', (code) => listener(failure || `exit code ${code}`)),
      kill: () => void worker.terminate(),
    };
  };
}

/** Starts work on hostile input in a process of its own, which can be killed whatever it does. */
export function processSpawner(file: string, memoryMb: number): SpawnWorker {
  return () => {
    const child = fork(file, [], {
      execArgv: [`--max-old-space-size=${memoryMb}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // Nothing of the person's environment: it may hold tokens that hostile input must not reach.
      env: {},
    });
    let failure = '';
    child.on('error', (error) => (failure = error.message));
    return {
      post: (message) => {
        if (child.connected) child.send(message);
      },
      onMessage: (listener) =>
        child.on('message', (message: unknown) => listener(message as FromWorker)),
      onExit: (listener) =>
        child.once('close', (code, signal) => listener(failure || (signal ?? `exit code ${code}`))),
      kill: () => void child.kill('SIGKILL'),
    };
  };
}
