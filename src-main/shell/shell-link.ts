import type { FromEngine, ToEngine } from './engine-messages.ts';

/** A port as Electron hands it to a utility process. */
export interface TransferredPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  start(): void;
  close(): void;
}

/** The engine's channel to the shell that started it. */
export interface ShellLink {
  post(message: FromEngine): void;
  onMessage(listener: (message: ToEngine, ports: readonly TransferredPort[]) => void): void;
  /** The shell is gone: the engine must not outlive it. */
  onGone(listener: () => void): void;
}

interface UtilityProcess {
  readonly parentPort?: {
    postMessage(message: FromEngine): void;
    on(
      event: 'message',
      listener: (event: { data: ToEngine; ports: readonly TransferredPort[] }) => void,
    ): void;
  };
}

/** Electron's parentPort in a utility process, Node's IPC channel in a forked child. */
export function openShellLink(): ShellLink {
  const utility = (process as unknown as UtilityProcess).parentPort;
  if (utility) {
    return {
      post: (message) => utility.postMessage(message),
      onMessage: (listener) => utility.on('message', (event) => listener(event.data, event.ports)),
      // Electron ends its utility processes itself.
      onGone: () => undefined,
    };
  }
  const send = process.send?.bind(process);
  if (!send) {
    throw new Error('the engine is started by a shell: use npm start, or the carrel command');
  }
  return {
    // Without a callback a message to a shell that is gone would end the engine before it has closed its store.
    post: (message) => void send(message, undefined, undefined, () => undefined),
    onMessage: (listener) =>
      process.on('message', (message: unknown) => listener(message as ToEngine, [])),
    onGone: (listener) => process.once('disconnect', listener),
  };
}
