import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CarrelBridge } from '../../src-contract/bridge.ts';
import type { EngineState } from '../../src-contract/protocol.ts';
import { ensureBuilt } from '../helpers/built.helper.ts';
import { root } from '../helpers/imports.helper.ts';
import { FakeElectron } from './fake-electron.ts';
import { FakeBrowserWindow } from './fake-window.ts';

const require = createRequire(import.meta.url);
const main = join(root, 'out', 'desktop', 'main', 'main.cjs');

interface Loader {
  _load(request: string, ...rest: unknown[]): unknown;
}

describe('the desktop shell, booted from its bundles against a strict stand-in for Electron', () => {
  const electron = new FakeElectron();
  const dataDir = mkdtempSync(join(tmpdir(), 'carrel-desktop-'));
  const loader = Module as unknown as Loader;
  const load = loader._load.bind(Module);
  let bridge: CarrelBridge;
  let window: FakeBrowserWindow;
  const states: EngineState[] = [];
  const umask = process.umask(0o022);

  beforeAll(async () => {
    ensureBuilt();
    loader._load = (request, ...rest) =>
      request === 'electron' ? electron.module : load(request, ...rest);
    vi.stubEnv('CARREL_DATA_DIR', dataDir);
    require(main);
    electron.ready();
    window = await vi.waitFor(() => {
      const [opened] = FakeBrowserWindow.getAllWindows();
      if (!opened?.bridge) throw new Error('no window yet');
      return opened;
    });
    bridge = window.bridge as CarrelBridge;
    bridge.onEngine((state) => states.push(state));
  });

  afterAll(async () => {
    loader._load = load;
    vi.unstubAllEnvs();
    process.umask(umask);
    rmSync(dataDir, { recursive: true, force: true });
  });

  function enginePid(): number {
    const { pid } = electron.processes.at(-1) ?? {};
    if (pid === undefined) throw new Error('no engine runs');
    return pid;
  }

  /** Kills the engine and waits for the next one. */
  async function restarted(): Promise<void> {
    const count = electron.processes.length;
    process.kill(enginePid(), 'SIGKILL');
    await vi.waitFor(
      () => {
        expect(electron.processes.length).toBeGreaterThan(count);
        expect(states.at(-1)).toEqual({ kind: 'running' });
      },
      { timeout: 10_000 },
    );
  }

  test('registers one scheme, standard and secure, before ready', () => {
    expect(electron.schemes).toEqual([
      {
        scheme: 'carrel',
        privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
      },
    ]);
    expect(electron.userData).toBe(join(dataDir, 'electron'));
  });

  test('the window is sandboxed and shown when it has something to show', () => {
    expect(window.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
    });
    expect(window.options.show).toBe(false);
    expect(window.shown).toBe(true);
  });

  test('every answer of the protocol has the policy; only files of the renderer are served', async () => {
    expect(window.page?.status).toBe(200);
    expect(await electron.fetch('carrel://app/').then((page) => page.text())).toContain('root');
    for (const url of [
      'carrel://app/',
      'carrel://app/..%2f..%2fpackage.json',
      'carrel://app/%2e%2e/%2e%2e/package.json',
      'carrel://app/..%5c..%5cpackage.json',
      'carrel://app/%00',
      'carrel://app/%252e%252e/main.cjs',
      'carrel://app/../renderer-other/index.html',
      'carrel://other/index.html',
      'carrel://app/nothing.js',
    ]) {
      const answer = await electron.fetch(url);
      expect(answer.headers.get('content-security-policy'), url).toMatch(/default-src 'none'/);
      expect(answer.status, url).toBe(url === 'carrel://app/' ? 200 : 404);
    }
  });

  test('the page reaches the engine through its own port, with envelopes', async () => {
    const info = await bridge.call('app.info', {});
    expect(info).toMatchObject({ ok: true, value: { shell: 'desktop', dataDir } });
    expect(states.at(-1)).toEqual({ kind: 'running' });
    expect(await bridge.call('__proto__', {})).toMatchObject({
      ok: false,
      error: { code: 'router/unknown-route' },
    });
    expect(await bridge.call('settings.set', { key: 'format' })).toMatchObject({
      ok: false,
      error: { code: 'router/invalid-input', remedy: expect.any(String) },
    });
  });

  test('the data key is wrapped by the keychain', async () => {
    const status = await bridge.call('vault.status', {});
    expect(status).toMatchObject({
      ok: true,
      value: { slots: [{ kind: 'os-keychain', backend: 'gnome_libsecret' }] },
    });
    expect(existsSync(join(dataDir, 'keys'))).toBe(false);
  });

  test('a stream runs to its end and carries its events', async () => {
    const events: unknown[] = [];
    const end = await new Promise((resolve) => {
      bridge.stream(
        'chat.send',
        { text: 'What is a carrel?', route: 'library-reader' },
        (batch) => events.push(...batch),
        resolve,
      );
    });
    expect(end).toEqual({ ok: true, value: null });
    expect(events.at(-1)).toMatchObject({ type: 'done', finish: 'stop' });
  });

  test('an engine that dies is noticed, told, restarted; what was open fails with a code', async () => {
    const ended = new Promise((resolve) => {
      bridge.stream('app.watch', {}, () => undefined, resolve);
    });
    await bridge.call('app.info', {});
    process.kill(enginePid(), 'SIGKILL');
    expect(await ended).toMatchObject({ ok: false, error: { code: 'engine/ended' } });
    expect(await bridge.call('chat.conversations', {})).toMatchObject({
      ok: true,
      value: { total: 1 },
    });
    expect(states.map((state) => state.kind)).toContain('restarting');
    expect(electron.processes).toHaveLength(2);
    expect(states.at(-1)).toEqual({ kind: 'running' });
  });

  test('an engine that refuses to start says why; another try is asked for by a trusted frame only', async () => {
    const keys = join(dataDir, 'workspaces', 'default', 'keys.json');
    renameSync(keys, `${keys}.away`);
    process.kill(enginePid(), 'SIGKILL');
    await vi.waitFor(() => expect(states.at(-1)?.kind).toBe('failed'), { timeout: 10_000 });
    expect(states.at(-1)).toMatchObject({ reason: expect.any(String), remedy: expect.any(String) });
    expect(electron.errors).toEqual([]);
    expect(await bridge.call('app.info', {})).toMatchObject({
      ok: false,
      error: { code: 'engine/failed', remedy: expect.stringMatching(/\S/) },
    });
    renameSync(`${keys}.away`, keys);
    const started = electron.processes.length;
    const own = 'carrel://app/';
    for (const senderFrame of [
      null,
      { url: 'https://example.com/', parent: null },
      { url: 'carrel://application/', parent: null },
      { url: own, parent: { url: own } },
    ]) {
      electron.ipc.emit('carrel:retry-engine', { sender: window.webContents, senderFrame });
    }
    expect(electron.processes).toHaveLength(started);
    bridge.retryEngine();
    expect(electron.processes).toHaveLength(started + 1);
    expect(await bridge.call('chat.conversations', {})).toMatchObject({ value: { total: 1 } });
    bridge.retryEngine();
    expect(electron.processes).toHaveLength(started + 1);
  });

  test('a keychain that asks for it gets the key wrapped anew; one that is away refuses', async () => {
    const keys = join(dataDir, 'workspaces', 'default', 'keys.json');
    const before = readFileSync(keys, 'utf8');
    electron.keychain.reEncrypt = true;
    await restarted();
    expect(await bridge.call('vault.status', {})).toMatchObject({ ok: true });
    electron.keychain.reEncrypt = false;
    expect(JSON.parse(readFileSync(keys, 'utf8'))).toMatchObject({
      slots: [{ kind: 'os-keychain' }],
    });
    expect(readFileSync(keys, 'utf8')).not.toBe(before);
    electron.keychain.available = false;
    process.kill(enginePid(), 'SIGKILL');
    await vi.waitFor(() => expect(states.at(-1)?.kind).toBe('failed'), { timeout: 10_000 });
    electron.keychain.available = true;
    bridge.retryEngine();
    expect(await bridge.call('vault.status', {})).toMatchObject({ ok: true });
  });

  test('the engine gets what it needs as arguments, and a path of its own folder', () => {
    const engine = electron.processes[0];
    expect(engine?.file).toBe(join(root, 'out', 'node', 'engine.cjs'));
    expect(engine?.args).toEqual([
      '--data-dir',
      dataDir,
      '--workspace',
      'default',
      '--shell',
      'desktop',
    ]);
  });

  test('a window with a foreign page gets no port', () => {
    const sent = vi.spyOn(window.webContents, 'postMessage');
    window.webContents.mainFrame.url = 'https://example.com/';
    window.webContents.emit('did-finish-load');
    expect(sent).not.toHaveBeenCalled();
    window.webContents.mainFrame.url = 'carrel://app/';
  });

  test('navigation, new windows and webviews are denied; links pass one check', () => {
    for (const name of [
      'will-navigate',
      'will-frame-navigate',
      'will-redirect',
      'will-attach-webview',
    ]) {
      const preventDefault = vi.fn();
      window.webContents.emit(name, { preventDefault });
      expect(preventDefault, name).toHaveBeenCalledOnce();
    }
    const refused = [
      'file:///etc/passwd',
      'smb://server/share',
      'ms-msdt:/id',
      'javascript:alert(1)',
      'carrel://app/',
      String.raw`\\server\share`,
      'https://user:secret@example.com/',
      'https://example.com/\r\nX: y',
      'https:example.com',
      'https://example.com/\u202Egnp.exe',
      `https://example.com/${'a'.repeat(3_000)}`,
    ];
    for (const url of [...refused, 'https://example.com/page', 'mailto:someone@example.com']) {
      expect(window.webContents.openHandler?.({ url })).toEqual({ action: 'deny' });
    }
    expect(electron.opened).toEqual(['https://example.com/page', 'mailto:someone@example.com']);
  });

  test('permissions are denied, but for copying by the page itself', () => {
    const check = (permission: string, origin: string): boolean | undefined =>
      electron.permissionCheck?.(null, permission, origin, {});
    expect(check('media', 'carrel://app')).toBe(false);
    expect(check('clipboard-read', 'carrel://app')).toBe(false);
    expect(check('clipboard-sanitized-write', 'https://example.com')).toBe(false);
    expect(check('clipboard-sanitized-write', 'carrel://application')).toBe(false);
    expect(check('clipboard-sanitized-write', 'carrel://app')).toBe(true);
    const decided: boolean[] = [];
    for (const [permission, requestingUrl] of [
      ['geolocation', 'carrel://app/'],
      ['notifications', 'https://example.com/'],
      ['clipboard-sanitized-write', 'carrel://app/'],
    ] as const) {
      electron.permissionRequest?.(null, permission, (granted) => decided.push(granted), {
        requestingUrl,
      });
    }
    expect(decided).toEqual([false, false, true]);
  });

  test('window state is kept apart, and the listener of electron-store is gone', () => {
    expect(electron.ipc.eventNames()).toEqual(['carrel:retry-engine']);
    window.close();
    if (process.platform !== 'win32') {
      expect(statSync(join(dataDir, 'shell.json')).mode & 0o777).toBe(0o600);
    }
    const state: unknown = JSON.parse(readFileSync(join(dataDir, 'shell.json'), 'utf8'));
    expect(state).toMatchObject({ bounds: { x: 10, y: 20, width: 1000, height: 700 } });
  });

  test('a second start shows the window again', () => {
    expect(FakeBrowserWindow.getAllWindows()).toHaveLength(0);
    electron.appEvents.emit('second-instance');
    expect(FakeBrowserWindow.getAllWindows()).toHaveLength(1);
    electron.appEvents.emit('activate');
    expect(FakeBrowserWindow.getAllWindows()).toHaveLength(1);
  });

  test('the program quits after the engine has ended and removed its socket', async () => {
    const last = electron.processes.at(-1);
    const { app } = electron.module as { app: { quit(): void } };
    app.quit();
    expect(electron.quits).toBe(0);
    await vi.waitFor(() => expect(electron.quits).toBe(1), { timeout: 10_000 });
    expect(last?.pid).toBeUndefined();
    const workspace = join(dataDir, 'workspaces', 'default');
    expect(readdirSync(workspace)).not.toContain('engine.json');
    expect(readdirSync(workspace)).not.toContain('engine.lock');
    const log = readFileSync(join(dataDir, 'logs', 'shell.log'), 'utf8');
    expect(log).toMatch(/"scope":"shell".*"msg":"engine ended"/);
    expect(log).toMatch(/"code":"vault\/.*"msg":"no engine runs"/);
  });
});
