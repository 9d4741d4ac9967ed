import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import type { FakePortMain } from './fake-ports.ts';

export type ToUtility =
  | { readonly kind: 'message'; readonly data: unknown; readonly ports: readonly number[] }
  | { readonly kind: 'port'; readonly port: number; readonly data: unknown }
  | { readonly kind: 'port-closed'; readonly port: number };

export type FromUtility =
  | { readonly kind: 'message'; readonly data: unknown }
  | { readonly kind: 'port'; readonly port: number; readonly data: unknown }
  | { readonly kind: 'port-closed'; readonly port: number };

/**
 * A utility process over a real Node process, so that its pid, its lock and its end are real. What is
 * posted is cloned; a transferred port is carried over the channel of the process.
 */
export class FakeUtilityProcess extends EventEmitter {
  readonly file: string;
  readonly args: readonly string[];
  readonly #child: ChildProcess;
  readonly #ports = new Map<number, MessagePort>();
  #nextPort = 1;

  constructor(file: string, args: readonly string[], env?: NodeJS.ProcessEnv) {
    super();
    this.file = file;
    this.args = args;
    const bootstrap = join(import.meta.dirname, 'utility-process.helper.ts');
    this.#child = fork(bootstrap, [file, ...args], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      ...(env ? { env } : {}),
    });
    this.#child.on('message', (message: unknown) => this.#receive(message as FromUtility));
    this.#child.once('exit', (code, signal) => {
      for (const port of this.#ports.values()) port.close();
      this.#ports.clear();
      // Electron gives the number of a signal as the code of its end.
      this.emit('exit', code ?? (signal === 'SIGKILL' ? 9 : 15));
    });
  }

  /** `undefined` once it has ended, as in Electron. */
  get pid(): number | undefined {
    const { exitCode, signalCode, pid } = this.#child;
    return exitCode === null && signalCode === null ? pid : undefined;
  }

  postMessage(message: unknown, transfer: readonly FakePortMain[] = []): void {
    const ports = transfer.map((port) => this.#carry(port.inner));
    this.#send({ kind: 'message', data: message, ports });
  }

  /** SIGTERM, as Electron's. */
  kill(): boolean {
    return this.#child.kill('SIGTERM');
  }

  #carry(port: MessagePort): number {
    const id = this.#nextPort++;
    this.#ports.set(id, port);
    port.on('message', (data: unknown) => this.#send({ kind: 'port', port: id, data }));
    port.once('close', () => {
      if (this.#ports.delete(id)) this.#send({ kind: 'port-closed', port: id });
    });
    return id;
  }

  #receive(message: FromUtility): void {
    switch (message.kind) {
      case 'message':
        this.emit('message', message.data);
        return;
      case 'port':
        this.#ports.get(message.port)?.postMessage(message.data);
        return;
      case 'port-closed': {
        const port = this.#ports.get(message.port);
        this.#ports.delete(message.port);
        port?.close();
        return;
      }
    }
  }

  #send(message: ToUtility): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}
