/**
 * Makes a forked Node process look like one of Electron's utility processes, then runs the entry:
 * `process.parentPort` without a transfer list, messages as events, ports that deliver after
 * `start()`, no IPC channel of Node, no `electron`, and an end with the main process.
 */
import { EventEmitter } from 'node:events';
import Module, { createRequire } from 'node:module';
import type { ToUtility, FromUtility } from './fake-utility-process.ts';

const [file = '', ...args] = process.argv.slice(2);
const send = process.send?.bind(process);
if (!send) throw new Error('started without a channel');
const post = (message: FromUtility): void => void send(message);

const ports = new Map<number, UtilityPort>();

/** A MessagePortMain as a utility process gets it. */
class UtilityPort extends EventEmitter {
  readonly #id: number;
  readonly #held: unknown[] = [];
  #started = false;

  constructor(id: number) {
    super();
    this.#id = id;
    ports.set(id, this);
  }

  postMessage(data: unknown, transfer: readonly unknown[] = []): void {
    if (transfer.length > 0)
      throw new Error('transfers between processes are not part of the fake');
    post({ kind: 'port', port: this.#id, data });
  }

  start(): void {
    this.#started = true;
    for (const data of this.#held.splice(0)) this.emit('message', { data, ports: [] });
  }

  close(): void {
    post({ kind: 'port-closed', port: this.#id });
    this.gone();
  }

  arrived(data: unknown): void {
    if (this.#started) this.emit('message', { data, ports: [] });
    else this.#held.push(data);
  }

  gone(): void {
    if (ports.delete(this.#id)) this.emit('close');
  }
}

class ParentPort extends EventEmitter {
  postMessage(message: unknown, ...rest: unknown[]): void {
    if (rest.length > 0) throw new Error('parentPort.postMessage takes no transfer list');
    post({ kind: 'message', data: message });
  }
}

const parentPort = new ParentPort();
process.on('message', (raw: unknown) => {
  const message = raw as ToUtility;
  switch (message.kind) {
    case 'message': {
      const transferred = message.ports.map((id) => new UtilityPort(id));
      parentPort.emit('message', { data: message.data, ports: transferred });
      return;
    }
    case 'port':
      ports.get(message.port)?.arrived(message.data);
      return;
    case 'port-closed':
      ports.get(message.port)?.gone();
      return;
  }
});
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));

interface Loader {
  _load(request: string, ...rest: unknown[]): unknown;
}
const loader = Module as unknown as Loader;
const load = loader._load.bind(Module);
loader._load = (request, ...rest) => {
  if (request === 'electron') throw new Error('a utility process has no app and no safeStorage');
  return load(request, ...rest);
};
Object.assign(process, { parentPort, send: undefined });
process.argv = [process.execPath, file, ...args];
createRequire(import.meta.url)(file);
