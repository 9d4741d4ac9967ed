import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { MessagePort } from 'node:worker_threads';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserWindow } from 'electron';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EngineState } from '../../src-contract/protocol.ts';
import { systemClock } from '../../src-main/core/shared/clock.ts';
import { createPinoLogger, type PinoLogger } from '../../src-main/core/shared/pino-logger.ts';
import { DesktopEngine } from '../../src-main/electron/desktop-engine.ts';
import { EngineConnection } from '../../src-preload/engine-connection.ts';
import { ensureBuilt, outNode } from '../helpers/built.helper.ts';
import type { FakePortMain } from './fake-ports.ts';

const electron = await vi.hoisted(async () => {
  const { FakeElectron: Fake } = await import('./fake-electron.ts');
  return new Fake();
});
vi.mock('electron', () => {
  const { MessageChannelMain, utilityProcess, ipcMain, protocol, safeStorage } =
    electron.module as Record<string, unknown>;
  return { MessageChannelMain, utilityProcess, ipcMain, protocol, safeStorage };
});

let dir: string;
let log: PinoLogger;
let engine: DesktopEngine;
let states: EngineState[];
let generations: number[];
let connection: EngineConnection;

beforeEach(() => {
  ensureBuilt();
  electron.ready();
  dir = mkdtempSync(join(tmpdir(), 'carrel-desktop-engine-'));
  log = createPinoLogger({
    dir: join(dir, 'logs'),
    name: 'shell',
    level: 'info',
    clock: systemClock,
  });
  states = [];
  generations = [];
  connection = new EngineConnection();
});

afterEach(async () => {
  await engine.stop();
  await log.close();
  rmSync(dir, { recursive: true, force: true });
});

/** What of a window the engine uses; its page hears what the preload hears. */
function page(): BrowserWindow {
  const webContents = {
    mainFrame: { url: 'carrel://app/' },
    send: (_channel: string, state: EngineState) => {
      states.push(state);
      connection.engineIs(state);
    },
    postMessage: (_channel: string, generation: number, [port]: FakePortMain[]) => {
      generations.push(generation);
      connection.connect(
        port?.inner as MessagePort as unknown as globalThis.MessagePort,
        generation,
      );
    },
  };
  return { webContents, once: () => undefined } as unknown as BrowserWindow;
}

test('an engine that is silent for a while keeps its windows; a new one gets new ports', async () => {
  const places = {
    data: dir,
    userData: '',
    preload: '',
    renderer: '',
    engine: join(outNode, 'engine.cjs'),
    workers: join(outNode, 'workers'),
    workspace: 'default',
  };
  engine = new DesktopEngine({
    places,
    logger: log.child('shell'),
    // Silence is told after a little, and is never a hang.
    limits: { pingEvery: 50, tellAfterPings: 2, killAfterPings: 1_000_000 },
  });
  const window = page();
  engine.attach(window);
  engine.start();
  expect(await connection.call('app.info', {})).toMatchObject({ ok: true });
  const ended = vi.fn();
  connection.stream('app.watch', {}, () => undefined, ended);
  await connection.call('app.info', {});

  const pid = electron.processes.at(-1)?.pid ?? expect.fail('no engine');
  process.kill(pid, 'SIGSTOP');
  const told = (): number =>
    states.filter((state) => state.kind === 'running' && state.silentSeconds).length;
  await vi.waitFor(() => expect(told()).toBeGreaterThan(2), { timeout: 10_000 });
  const open = connection.call('vault.status', {});
  process.kill(pid, 'SIGCONT');
  expect(await open).toMatchObject({ ok: true });
  await vi.waitFor(() => expect(states.at(-1)).toEqual({ kind: 'running' }), { timeout: 10_000 });
  expect(generations).toEqual([1]);
  expect(ended).not.toHaveBeenCalled();

  // A page that loads again while its preload has a port does not need the second one.
  engine.attach(window);
  expect(generations).toEqual([1, 1]);
  expect(await connection.call('app.info', {})).toMatchObject({ ok: true });
  expect(ended).not.toHaveBeenCalled();

  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(generations).toEqual([1, 1, 2]), { timeout: 10_000 });
  expect(ended).toHaveBeenCalledOnce();
  expect(await connection.call('app.info', {})).toMatchObject({ ok: true });
  await log.flush();
  expect(readFileSync(join(dir, 'logs', 'shell.log'), 'utf8')).toMatch(
    /"scope":"shell".*"msg":"engine ended"/,
  );
});
