import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import type { BrowserWindowConstructorOptions, Rectangle } from 'electron';
import type { CarrelBridge } from '../../src-contract/bridge.ts';
import type { FakePortMain } from './fake-ports.ts';
import { strict } from './strict.ts';

/** What the main process gets with a message of a window. */
export interface FakeIpcEvent {
  readonly sender: FakeWebContents;
  readonly senderFrame: { readonly url: string; readonly parent: object | null } | null;
}
type ToMain = (channel: string, event: FakeIpcEvent, args: unknown[]) => void;
type Fetch = (url: string) => Promise<Response>;

/** What the fake window does like a browser: fetches the page, runs the built preload beside it, delivers messages. */
export class FakeWebContents extends EventEmitter {
  static toMain: ToMain = () => {
    throw new Error('no main process');
  };

  readonly mainFrame = { url: '', parent: null };
  openHandler: ((details: { url: string }) => { action: string }) | null = null;
  readonly #renderer = new EventEmitter();

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }

  send(channel: string, ...args: unknown[]): void {
    this.#renderer.emit(channel, { ports: [] }, ...structuredClone(args));
  }

  postMessage(channel: string, message: unknown, transfer: readonly FakePortMain[] = []): void {
    const ports = transfer.map((port) => port.inner);
    this.#renderer.emit(channel, { ports }, structuredClone(message));
  }

  /** Runs the preload as a sandboxed one: `electron` is all that it may require. */
  runPreload(file: string): CarrelBridge {
    let exposed: unknown = null;
    const electron = strict('electron (preload)', {
      contextBridge: strict('contextBridge', {
        exposeInMainWorld: (name: string, api: unknown) => {
          if (name !== 'carrel' || exposed) throw new Error(`unexpected world member ${name}`);
          exposed = overTheBridge(api);
        },
      }),
      ipcRenderer: strict('ipcRenderer', {
        on: (channel: string, listener: (...args: unknown[]) => void) =>
          this.#renderer.on(channel, listener),
        send: (channel: string, ...args: unknown[]) =>
          FakeWebContents.toMain(
            channel,
            { sender: this, senderFrame: this.mainFrame },
            structuredClone(args),
          ),
      }),
      webUtils: strict('webUtils', { getPathForFile: () => '/dropped/file.md' }),
    });
    const require = (name: string): unknown => {
      if (name === 'electron') return electron;
      throw new Error(`a sandboxed preload can't require ${name}`);
    };
    const run = vm.compileFunction(
      readFileSync(file, 'utf8'),
      ['require', 'module', 'exports', 'process'],
      {
        filename: file,
      },
    );
    const module = { exports: {} };
    run(require, module, module.exports, { platform: process.platform });
    return exposed as CarrelBridge;
  }
}

export class FakeBrowserWindow extends EventEmitter {
  static readonly all: FakeBrowserWindow[] = [];
  static fetch: Fetch = () => Promise.reject(new Error('no protocol handler'));
  static readonly created = new EventEmitter();
  static beforeCreate: () => void = () => undefined;

  static getAllWindows(): FakeBrowserWindow[] {
    return [...this.all];
  }

  readonly options: BrowserWindowConstructorOptions;
  readonly webContents = new FakeWebContents();
  page: Response | null = null;
  bridge: CarrelBridge | null = null;
  shown = false;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    FakeBrowserWindow.beforeCreate();
    this.options = options;
    FakeBrowserWindow.all.push(this);
    FakeBrowserWindow.created.emit('web-contents-created', {}, this.webContents);
  }

  async loadURL(url: string): Promise<void> {
    this.page = await FakeBrowserWindow.fetch(url);
    this.webContents.mainFrame.url = url;
    const preload = this.options.webPreferences?.preload;
    if (!preload) throw new Error('a window without a preload');
    this.bridge = this.webContents.runPreload(preload);
    this.webContents.emit('did-finish-load');
    this.emit('ready-to-show');
  }

  show(): void {
    this.shown = true;
  }
  maximize(): void {}
  isMaximized(): boolean {
    return false;
  }
  isMinimized(): boolean {
    return false;
  }
  restore(): void {}
  focus(): void {}
  getNormalBounds(): Rectangle {
    return { x: 10, y: 20, width: 1000, height: 700 };
  }
  /** As a person closes it. */
  close(): void {
    this.emit('close');
    FakeBrowserWindow.all.splice(FakeBrowserWindow.all.indexOf(this), 1);
    this.emit('closed');
  }
}

/** The context bridge carries functions and plain data; an object with a prototype of its own loses it. */
function overTheBridge(api: unknown): object {
  if (typeof api !== 'object' || api === null) throw new Error('nothing was exposed');
  const entries = Object.entries(api).map(([name, value]: [string, unknown]) => {
    if (typeof value === 'object') throw new Error(`${name}: an object crossed the bridge`);
    return [name, value] as const;
  });
  return Object.fromEntries(entries);
}
