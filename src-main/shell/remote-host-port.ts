import type { Result } from '../../src-contract/result.ts';
import { AppError } from '../../src-contract/app-error.ts';
import type { SpawnWorker } from '../core/shared/worker-host.ts';
import type { FromWorker } from '../core/shared/worker-protocol.ts';
import type { HostVerb } from './engine-messages.ts';
import type { HostPort, HostSecrets, ProcessKind } from './host-port.ts';
import type { ShellLink, TransferredPort } from './shell-link.ts';

interface Answer {
  readonly value: unknown;
  readonly ports: readonly TransferredPort[];
}

/** The host port of an engine in Electron: each verb is a question to the main process. */
export class RemoteHostPort implements HostPort {
  readonly shell = 'desktop' as const;
  readonly electron: string | null;
  readonly secrets: HostSecrets;
  readonly #link: ShellLink;
  readonly #open = new Map<
    number,
    (result: Result<unknown>, ports: readonly TransferredPort[]) => void
  >();
  #nextId = 1;

  constructor(link: ShellLink, electron: string | null) {
    this.#link = link;
    this.electron = electron;
    this.secrets = {
      backend: async () => (await this.#ask({ verb: 'secrets.backend' })).value as string,
      wrap: async (plain) => (await this.#ask({ verb: 'secrets.wrap', plain })).value as string,
      unwrap: async (wrapped) =>
        (await this.#ask({ verb: 'secrets.unwrap', wrapped })).value as {
          plain: string;
          rewrap: string | null;
        },
    };
  }

  /** Takes the main process's answer. */
  answered(id: number, result: Result<unknown>, ports: readonly TransferredPort[]): void {
    const settle = this.#open.get(id);
    this.#open.delete(id);
    settle?.(result, ports);
  }

  spawnProcess(kind: ProcessKind): SpawnWorker {
    return async () => {
      const { ports } = await this.#ask({ verb: 'spawn', kind });
      const port = ports[0];
      if (!port) throw new Error('the main process answered without a port');
      const exits: ((reason: string) => void)[] = [];
      port.on('close', () => {
        for (const listener of exits.splice(0)) listener('the process ended');
      });
      return {
        post: (message) => port.postMessage(message),
        onMessage: (listener) => {
          port.on('message', (event) => listener(event.data as FromWorker));
          port.start();
        },
        onExit: (listener) => exits.push(listener),
        // The main process kills the helper when this end closes.
        kill: () => port.close(),
      };
    };
  }

  #ask(call: HostVerb): Promise<Answer> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#open.set(id, (result, ports) => {
        if (result.ok) resolve({ value: result.value, ports });
        else reject(AppError.fromShape(result.error));
      });
      this.#link.post({ t: 'host', id, call });
    });
  }
}
