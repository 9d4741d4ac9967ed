import { MessageChannelMain, utilityProcess, type BrowserWindow } from 'electron';
import type { Logger } from '../core/shared/logger.ts';
import { EngineHost, type EngineChild, type EngineHostLimits } from '../shell/engine-host.ts';
import type { FromEngine } from '../shell/engine-messages.ts';
import { answerHost } from './host-verbs.ts';
import { isOwnPage } from './ipc.ts';
import type { DesktopPlaces } from './places.ts';

export interface DesktopEngineDeps {
  readonly places: DesktopPlaces;
  readonly logger: Logger;
  /** Tests shorten them. */
  readonly limits?: Partial<EngineHostLimits>;
}

/** The engine of the desktop shell: a utility process, and a port of its own for each trusted window. */
export class DesktopEngine {
  readonly #places: DesktopPlaces;
  readonly #host: EngineHost;
  readonly #windows = new Set<BrowserWindow>();
  #process: Electron.UtilityProcess | null = null;
  /** Counts the engines, so that a window knows a second port to the one it has. */
  #generation = 0;
  /** The engine that the windows have ports to. */
  #served = 0;

  constructor({ places, logger, limits }: DesktopEngineDeps) {
    this.#places = places;
    this.#host = new EngineHost({
      launch: () => this.#launch(),
      logger,
      ...(limits ? { limits } : {}),
    });
    this.#host.onState((state) => {
      if (state.kind === 'failed') {
        logger.warn('no engine runs', { code: this.#host.failure?.code });
      }
      // `running` is also said again, with how long the same engine has been silent.
      const isNew = state.kind === 'running' && this.#served !== this.#generation;
      if (isNew) this.#served = this.#generation;
      for (const window of this.#windows) {
        window.webContents.send('carrel:engine', state);
        if (isNew) this.#givePort(window);
      }
    });
  }

  start(): void {
    this.#host.start();
  }

  stop(): Promise<void> {
    return this.#host.stop();
  }

  /** Another try after it could not start; does nothing while it runs. */
  retry(): void {
    this.#host.retry();
  }

  /** Calls back when the engine can't run at all and says why. */
  onFatal(listener: (message: string, detail: string) => void): void {
    this.#host.onState((state) => {
      if (state.kind === 'failed') listener(state.reason, state.remedy);
    });
  }

  /** A window finished loading: tells it how the engine is and gives it a port, if its page is ours. */
  attach(window: BrowserWindow): void {
    if (!this.#windows.has(window)) {
      this.#windows.add(window);
      window.once('closed', () => this.#windows.delete(window));
    }
    window.webContents.send('carrel:engine', this.#host.state);
    if (this.#host.state.kind === 'running') this.#givePort(window);
  }

  #givePort(window: BrowserWindow): void {
    const frame = window.webContents.mainFrame;
    if (!this.#process || !isOwnPage(frame.url)) return;
    const { port1, port2 } = new MessageChannelMain();
    this.#process.postMessage({ t: 'client' }, [port1]);
    window.webContents.postMessage('carrel:port', this.#generation, [port2]);
  }

  #launch(): EngineChild {
    const { engine, data, workspace, workers } = this.#places;
    const child = utilityProcess.fork(
      engine,
      ['--data-dir', data, '--workspace', workspace, '--shell', 'desktop'],
      { serviceName: 'Carrel engine', stdio: 'ignore' },
    );
    this.#process = child;
    this.#generation += 1;
    const exits: ((reason: string) => void)[] = [];
    child.once('exit', (code) => {
      if (this.#process === child) this.#process = null;
      for (const listener of exits) listener(`exit code ${code}`);
    });
    return {
      get pid() {
        return child.pid;
      },
      post: (message) => child.postMessage(message),
      onMessage: (listener) =>
        child.on('message', (message: FromEngine) => {
          if (message.t === 'host') void answerHost(child, message.id, message.call, workers);
          else listener(message);
        }),
      onExit: (listener) => exits.push(listener),
      // `kill()` of a utility process is SIGTERM, which a busy engine may not hear.
      kill: () => {
        if (child.pid) process.kill(child.pid, 'SIGKILL');
      },
    };
  }
}
