import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../src-contract/app-error.ts';
import { EngineClient, type StreamHandle } from '../../src-contract/client.ts';
import type { CallName, Input, Output, StreamEvent, StreamName } from '../../src-contract/index.ts';
import { dataPaths, workspacePaths } from '../core/shared/paths.ts';
import type { Engine } from '../compose.ts';
import { attach, readAttachFile } from '../shell/attach.ts';
import { localHostPort } from '../shell/local-host-port.ts';

/** Another command, or an engine that is starting, has the workspace for a moment: waited for so long. */
const IN_USE_WAIT_MS = 15_000;
const IN_USE_LOOK_MS = 100;

export interface SessionOptions {
  readonly dataDir: string;
  readonly workspace: string;
}

type EngineEnd = Pick<Engine, 'close' | 'settled'>;

/** A connection to the engine of a workspace: the running one, or one in this process where none runs. */
export class Session {
  readonly attached: boolean;
  readonly #client: EngineClient;
  readonly #engine: EngineEnd;
  readonly #open = new Set<StreamHandle>();
  #closing: Promise<void> | null = null;

  private constructor(client: EngineClient, attached: boolean, engine: EngineEnd) {
    this.#client = client;
    this.attached = attached;
    this.#engine = engine;
  }

  /** Errors: `workspace/in-use` after a wait, `workspace/…`, `vault/…`. */
  static async open(options: SessionOptions): Promise<Session> {
    const paths = workspacePaths(dataPaths(options.dataDir), options.workspace);
    const deadline = performance.now() + IN_USE_WAIT_MS;
    for (;;) {
      const attached = await Session.#attach(paths.attach);
      if (attached) return attached;
      try {
        return await Session.#inProcess(options);
      } catch (error) {
        const isInUse = error instanceof AppError && error.code === 'workspace/in-use';
        if (!isInUse || performance.now() > deadline) throw error;
        await wait(IN_USE_LOOK_MS);
      }
    }
  }

  static async #attach(attachFile: string): Promise<Session | null> {
    const info = readAttachFile(attachFile);
    const running = info ? await attach(info) : null;
    if (!running) return null;
    const close = (): Promise<void> => {
      running.close();
      return Promise.resolve();
    };
    return new Session(running.client, true, { close, settled: () => Promise.resolve() });
  }

  static async #inProcess(options: SessionOptions): Promise<Session> {
    const { composeEngine } = await import('../compose.ts');
    const engine = await composeEngine({ ...options, host: localHostPort('cli') });
    const client: EngineClient = new EngineClient((frame) => {
      // On its own turn, as over any other transport.
      setImmediate(() => connection.receive(frame));
    });
    const connection = engine.connect((frame) => setImmediate(() => client.receive(frame)));
    const close = async (): Promise<void> => {
      connection.close();
      await engine.close();
    };
    return new Session(client, false, { close, settled: () => engine.settled() });
  }

  async call<K extends CallName>(route: K, input: Input<K>): Promise<Output<K>> {
    const result = await this.#client.call(route, input);
    if (!result.ok) throw AppError.fromShape(result.error);
    return result.value as Output<K>;
  }

  /** Runs a stream to its end; `cancelAll` ends it early. */
  async stream<K extends StreamName>(
    route: K,
    input: Input<K>,
    onEvent: (event: StreamEvent<K>) => void,
  ): Promise<void> {
    const handle = this.#client.stream(route, input, (events) => {
      for (const event of events) onEvent(event as StreamEvent<K>);
    });
    this.#open.add(handle);
    const result = await handle.end;
    this.#open.delete(handle);
    if (!result.ok) throw AppError.fromShape(result.error);
  }

  /** Asks every open stream to stop; false where none is open. */
  cancelAll(): boolean {
    for (const handle of this.#open) handle.cancel();
    return this.#open.size > 0;
  }

  /**
   * After a change of the library: waits until its knowledge is indexed, where the engine would end
   * with this command. A running engine does it by itself.
   */
  settled(): Promise<void> {
    return this.#engine.settled();
  }

  /** Safe to repeat. */
  close(): Promise<void> {
    this.#closing ??= this.#engine.close();
    return this.#closing;
  }
}
