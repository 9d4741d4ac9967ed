import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { root } from '../helpers/imports.helper.ts';

/** Fails on demand, with something that nobody catches. */
const CRASH = `process.on('message', ({ t, why }) => {
  if (t === 'crash') void Promise.reject(new Error(why));
});`;

let dataDir: string;
let child: ChildProcess;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'carrel-process-'));
});
afterEach(() => {
  child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

function start(): ChildProcess {
  child = fork(join(root, 'src-main', 'engine.ts'), ['--data-dir', dataDir], {
    execArgv: ['--import', `data:text/javascript,${encodeURIComponent(CRASH)}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return child;
}

test('an error that nobody caught ends the engine and is in its log, without secrets', async () => {
  const [first] = (await once(start(), 'message')) as [{ t: string }];
  expect(first.t).toBe('ready');
  child.send({ t: 'crash', why: 'a planted fault, api_key=sk-planted-0123456789' });
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(1);
  const log = readFileSync(join(dataDir, 'logs', 'engine.log'), 'utf8');
  expect(log).toContain('an error that nobody caught');
  expect(log).toContain('unhandledRejection');
  expect(log).toContain('a planted fault');
  expect(log).not.toContain('sk-planted');
});

test('an engine that nobody could reach says so, closes its store and lets go of the workspace', async () => {
  const workspace = join(dataDir, 'workspaces', 'default');
  mkdirSync(join(workspace, 'engine.json'), { recursive: true });
  const [first] = (await once(start(), 'message')) as [{ t: string; error?: { code: string } }];
  expect(first).toMatchObject({ t: 'refused', error: { code: 'engine/cannot-start' } });
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(3);
  expect(existsSync(join(workspace, 'store.db'))).toBe(true);
  expect(existsSync(join(workspace, 'store.db-wal'))).toBe(false);
  expect(existsSync(join(workspace, 'engine.lock'))).toBe(false);
});

test('what an engine says to a shell that is gone does not end it', async () => {
  child = fork(join(import.meta.dirname, 'late-words.helper.ts'), [], { execArgv: [] });
  await once(child, 'message');
  child.disconnect();
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(4);
});
