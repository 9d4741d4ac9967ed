import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { silentLogger } from '../../src-main/core/shared/logger.ts';
import { systemClock } from '../../src-main/core/shared/clock.ts';
import { dataPaths, workspacePaths } from '../../src-main/core/shared/paths.ts';
import { keyFilePath } from '../../src-main/core/vault/key-file.ts';
import { openVault } from '../../src-main/core/vault/open-vault.ts';
import { migrations } from '../../src-main/db/migrations/index.ts';
import type { EncryptedDb } from '../../src-main/db/open.ts';
import { ensureBuilt, outNode } from '../helpers/built.helper.ts';
import { isAlive } from '../helpers/cli.helper.ts';
import { greetedSocket, TestEngine } from '../helpers/engine.helper.ts';

let engine: TestEngine;

beforeAll(() => ensureBuilt());
beforeEach(() => {
  engine = new TestEngine();
});
afterEach(() => engine.end());

describe('the engine process', () => {
  test('a second one on the same workspace is refused; the first one goes on', async () => {
    await engine.start();
    const second = new TestEngine(engine.dataDir);
    await expect(second.start()).rejects.toMatchObject({
      code: 'workspace/in-use',
      message: expect.stringContaining(String(engine.pid)),
      remedy: expect.any(String),
    });
    expect(await second.ended).toBe(3);
    expect(await engine.call('app.info', {})).toMatchObject({ workspace: { id: 'default' } });
  });

  test('stops in order and leaves no socket, no lock, an empty WAL', async () => {
    await engine.start();
    await engine.call('settings.set', { key: 'onboarding.done', value: true });
    expect(await engine.stop()).toBe(0);
    const left = readdirSync(engine.workspace());
    expect(left).not.toContain('engine.json');
    expect(left).not.toContain('engine.lock');
    expect(left).not.toContain('store.db-wal');
    expect(readdirSync(join(engine.dataDir, 'run'))).toEqual([]);
  });

  test('ends with its parent', async () => {
    const script = `
      const { fork } = require('node:child_process');
      const child = fork(process.argv[1], ['--data-dir', process.argv[2]]);
      child.on('message', (message) => console.log(JSON.stringify({ pid: child.pid, t: message.t })));
    `;
    const args = ['-e', script, join(outNode, 'engine.cjs'), engine.dataDir];
    const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = await new Promise<string>((resolve) =>
      parent.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
    );
    const { pid, t } = JSON.parse(line) as { pid: number; t: string };
    expect(t).toBe('ready');
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000 });
    expect(engine.has('engine.lock')).toBe(false);
  });

  test('kill -9: the next start has everything that was answered', async () => {
    await engine.start();
    await engine.stream('library.connect', { source: { kind: 'starter' } });
    await engine.call('providers.add', {
      id: 'local',
      baseUrl: 'http://127.0.0.1:9/v1',
      key: 'kept',
      models: ['m'],
    });
    await engine.stream('chat.send', { text: 'What is kept?', route: 'library-reader' });
    await engine.call('settings.set', { key: 'appearance.theme', value: 'dark' });
    await engine.kill();
    expect(engine.has('engine.json')).toBe(true);
    await engine.start();
    expect(await engine.call('chat.search', { query: 'kept' })).toMatchObject({
      hits: [{ role: 'user' }],
    });
    expect(await engine.call('providers.list', {})).toMatchObject({
      providers: [{ id: 'local', hasKey: true, models: ['m'] }],
    });
    expect(await engine.call('library.status', {})).toMatchObject({ state: { kind: 'idle' } });
    expect((await engine.call('settings.get', {})).values['appearance.theme']).toBe('dark');
    const { checks } = await engine.call('health.report', {});
    expect(checks.filter(({ state }) => state === 'fail')).toEqual([]);
  });

  test('a client that goes away cancels its streams', async () => {
    await engine.start();
    const info = engine.attachInfo();
    if (!info) throw new Error('no engine.json');
    const { socket, received } = await greetedSocket(info);
    socket.write(`${JSON.stringify({ t: 'call', id: 1, route: 'app.watch', input: {} })}\n`);
    await vi.waitFor(() => expect(received()).toContain('streamId'));
    socket.destroy();
    expect(await engine.call('app.info', {})).toMatchObject({ dataDir: engine.dataDir });
  });
});

describe('what an engine refuses to open, and leaves as it is', () => {
  /** Starts once, stops, changes something, and expects the next start to refuse with a code. */
  async function refuses(code: RegExp, change: () => void | Promise<void>): Promise<void> {
    await engine.start();
    await engine.stop();
    await change();
    const before = fingerprint();
    await expect(engine.start()).rejects.toMatchObject({
      code: expect.stringMatching(code),
      remedy: expect.stringMatching(/\S/),
    });
    await engine.ended;
    expect(fingerprint()).toEqual(before);
  }

  function fingerprint(): Record<string, string> {
    return Object.fromEntries(
      ['store.db', 'keys.json']
        .filter((name) => engine.has(name))
        .map((name) => [name, createHash('sha256').update(engine.read(name)).digest('hex')]),
    );
  }

  test('a store from the future', async () => {
    await refuses(/^(store|vault)\/.*future/, () => migrateFurther(engine.dataDir));
  });

  test('a plaintext store in its place', async () => {
    await refuses(/^(store|vault)\//, () => {
      rmSync(engine.workspace('store.db'));
      const db = new Database(engine.workspace('store.db'));
      db.exec('CREATE TABLE t (x)');
      db.close();
    });
  });

  test('a missing key file, and one of another workspace', async () => {
    const file = join(engine.dataDir, 'keys', 'default.key');
    await refuses(/^vault\//, () => rmSync(file));
    writeFileSync(file, `${'ab'.repeat(32)}\n`, { mode: 0o600 });
    await expect(engine.start()).rejects.toMatchObject({ code: expect.stringMatching(/^vault\//) });
  });

  test('a store that is gone is a loss, not a beginning', async () => {
    await refuses(/^(store|vault)\//, () => rmSync(engine.workspace('store.db')));
  });

  test('keys.json that was tampered with', async () => {
    await refuses(/^vault\//, () => {
      const keys = JSON.parse(readFileSync(engine.workspace('keys.json'), 'utf8')) as object;
      writeFileSync(engine.workspace('keys.json'), JSON.stringify({ ...keys, createdAt: 1 }));
    });
  });
});

/** Does to a store what a later version would. */
async function migrateFurther(dataDir: string): Promise<void> {
  const future = {
    version: 999_990,
    name: 'future',
    up: (db: EncryptedDb) => db.exec('CREATE TABLE t (x)'),
  };
  const vault = await openVault({
    workspaceId: 'default',
    paths: workspacePaths(dataPaths(dataDir), 'default'),
    keyFile: keyFilePath(dataDir, 'default'),
    secrets: null,
    migrations: [...migrations, future],
    clock: systemClock,
    logger: silentLogger,
  });
  vault.close();
}
