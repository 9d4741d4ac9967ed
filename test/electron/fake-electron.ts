import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { FakeMessageChannelMain } from './fake-ports.ts';
import { FakeUtilityProcess } from './fake-utility-process.ts';
import { FakeBrowserWindow, FakeWebContents } from './fake-window.ts';
import { strict } from './strict.ts';

type PermissionCheck = (
  contents: null,
  permission: string,
  origin: string,
  details: object,
) => boolean;

type PermissionRequest = (
  contents: null,
  permission: string,
  decide: (granted: boolean) => void,
  details: { requestingUrl: string },
) => void;

/**
 * A stand-in for the `electron` module in the main process, where its binary can't run. Members are
 * typed against electron.d.ts; using one that it does not have, or one at the wrong time (before or
 * after ready), throws.
 */
export class FakeElectron {
  readonly appEvents = new EventEmitter();
  readonly processes: FakeUtilityProcess[] = [];
  readonly opened: string[] = [];
  readonly errors: string[] = [];
  readonly schemes: Electron.CustomScheme[] = [];
  /** Listeners for what windows send to the main process. */
  readonly ipc = new EventEmitter();
  /** What the keychain answers; tests change it. */
  keychain: { available: boolean; reEncrypt: boolean } = { available: true, reEncrypt: false };
  permissionCheck: PermissionCheck | null = null;
  permissionRequest: PermissionRequest | null = null;
  userData = '';
  quits = 0;
  #ready = false;
  #sealed = 0;
  #handler: ((request: Request) => Promise<Response> | Response) | null = null;
  readonly #whenReady = Promise.withResolvers<void>();
  readonly module: object;

  constructor() {
    FakeBrowserWindow.all.length = 0;
    FakeBrowserWindow.created.removeAllListeners();
    FakeBrowserWindow.created.on('web-contents-created', (...args: unknown[]) =>
      this.appEvents.emit('web-contents-created', ...args),
    );
    FakeBrowserWindow.fetch = (url) => this.fetch(url);
    FakeBrowserWindow.beforeCreate = () => this.#after('BrowserWindow');
    FakeWebContents.toMain = (channel, event, args) => this.ipc.emit(channel, event, ...args);
    this.module = this.#build();
  }

  /** Electron is ready. */
  ready(): void {
    this.#ready = true;
    this.#whenReady.resolve();
  }

  /** What the renderer would get for a URL. */
  async fetch(url: string): Promise<Response> {
    if (!this.#handler) throw new Error('no protocol handler');
    return this.#handler(new Request(url));
  }

  #after(what: string): void {
    if (!this.#ready) throw new Error(`${what} before ready`);
  }

  #before(what: string): void {
    if (this.#ready) throw new Error(`${what} after ready`);
  }

  #build(): object {
    const app = {
      isPackaged: true,
      getVersion: () => '0.0.0',
      getName: () => 'Carrel',
      getPath: () => this.userData,
      setPath: (name: string, path: string) => {
        this.#before('app.setPath');
        if (name !== 'userData') throw new Error(`unexpected path ${name}`);
        this.userData = path;
      },
      requestSingleInstanceLock: () => true,
      whenReady: () => this.#whenReady.promise,
      quit: () => {
        let prevented = false;
        this.appEvents.emit('before-quit', { preventDefault: () => (prevented = true) });
        if (!prevented) this.quits += 1;
      },
      on: this.appEvents.on.bind(this.appEvents),
    } satisfies Partial<Record<keyof Electron.App, unknown>>;

    const protocol = {
      registerSchemesAsPrivileged: (schemes: Electron.CustomScheme[]) => {
        this.#before('registerSchemesAsPrivileged');
        if (this.schemes.length > 0) throw new Error('registerSchemesAsPrivileged twice');
        this.schemes.push(...schemes);
      },
      handle: (scheme: string, handler: (request: Request) => Promise<Response> | Response) => {
        this.#after('protocol.handle');
        if (!this.schemes.some((one) => one.scheme === scheme)) {
          throw new Error(`scheme ${scheme} was not registered`);
        }
        this.#handler = handler;
      },
    } satisfies Partial<Record<keyof Electron.Protocol, unknown>>;

    // Without the synchronous methods: they end with Electron 46.
    const safeStorage = {
      isAsyncEncryptionAvailable: async () => {
        this.#after('safeStorage');
        return this.keychain.available;
      },
      getSelectedStorageBackend: () => {
        this.#after('safeStorage');
        return 'gnome_libsecret' as const;
      },
      encryptStringAsync: async (plain: string) => {
        this.#after('safeStorage');
        if (typeof plain !== 'string') throw new TypeError('safeStorage takes strings only');
        return Buffer.from(`sealed:${(this.#sealed += 1)}:${plain}`).map(
          (byte) => byte ^ 0x5a,
        ) as Buffer;
      },
      decryptStringAsync: async (sealed: Buffer) => {
        this.#after('safeStorage');
        const text = Buffer.from(sealed.map((byte) => byte ^ 0x5a)).toString();
        const result = /^sealed:\d+:(.*)$/s.exec(text)?.[1];
        if (result === undefined) throw new Error('not sealed here');
        return {
          result,
          shouldReEncrypt: this.keychain.reEncrypt,
        };
      },
    } satisfies Partial<Electron.SafeStorage>;

    const defaultSession = {
      setPermissionRequestHandler: (decide: PermissionRequest) => {
        this.#after('session');
        this.permissionRequest = decide;
      },
      setPermissionCheckHandler: (check: PermissionCheck) => {
        this.#after('session');
        this.permissionCheck = check;
      },
    } satisfies Partial<Record<keyof Electron.Session, unknown>>;

    const utilityProcess = {
      fork: (file: string, args: string[] = [], options: Electron.ForkOptions = {}) => {
        this.#after('utilityProcess.fork');
        const child = new FakeUtilityProcess(
          file,
          args,
          options.env as NodeJS.ProcessEnv | undefined,
        );
        this.processes.push(child);
        return child;
      },
    };

    const members = {
      app: strict('app', app),
      protocol: strict('protocol', protocol),
      safeStorage: strict('safeStorage', safeStorage),
      session: strict('session', { defaultSession: strict('defaultSession', defaultSession) }),
      utilityProcess: strict('utilityProcess', utilityProcess),
      shell: strict('shell', {
        openExternal: async (url: string) => {
          this.opened.push(url);
        },
      } satisfies Partial<Electron.Shell>),
      dialog: strict('dialog', {
        showErrorBox: (title: string, content: string) => {
          this.errors.push(`${title}: ${content}`);
        },
      } satisfies Partial<Electron.Dialog>),
      screen: strict('screen', {
        getDisplayMatching: () => {
          this.#after('screen');
          return { workArea: { x: 0, y: 0, width: 1920, height: 1080 } };
        },
      }),
      Menu: strict('Menu', {
        setApplicationMenu: () => this.#after('Menu'),
        buildFromTemplate: (template: unknown) => template,
      }),
      ipcMain: strict('ipcMain', {
        on: this.ipc.on.bind(this.ipc),
        removeAllListeners: this.ipc.removeAllListeners.bind(this.ipc),
      } satisfies Partial<Record<keyof Electron.IpcMain, unknown>>),
      BrowserWindow: FakeBrowserWindow,
      MessageChannelMain: FakeMessageChannelMain,
    } satisfies Partial<Record<keyof typeof Electron, unknown>>;
    const module = strict('electron', { ...members, default: members, __esModule: true });
    return module;
  }
}
