import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';

/**
 * A MessagePortMain over a Node port: clones what is posted (as the real one does), delivers nothing
 * before `start()`, and gives events with `data` and `ports`.
 */
export class FakePortMain extends EventEmitter {
  readonly inner: MessagePort;
  #started = false;

  constructor(inner: MessagePort) {
    super();
    this.inner = inner;
    inner.once('close', () => this.emit('close'));
  }

  postMessage(message: unknown, transfer: readonly FakePortMain[] = []): void {
    this.inner.postMessage(
      message,
      transfer.map((port) => port.inner),
    );
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.inner.on('message', (data: unknown) => this.emit('message', { data, ports: [] }));
  }

  close(): void {
    this.inner.close();
  }
}

export class FakeMessageChannelMain {
  readonly port1: FakePortMain;
  readonly port2: FakePortMain;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new FakePortMain(port1);
    this.port2 = new FakePortMain(port2);
  }
}
