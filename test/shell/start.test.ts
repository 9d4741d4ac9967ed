import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from '../helpers/built.helper.ts';
import { root } from '../helpers/imports.helper.ts';

const dirs: string[] = [];
const running: ChildProcess[] = [];

beforeAll(() => ensureBuilt());

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

/** `npm start` as its script runs, until it printed a link. */
async function start(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ child: ChildProcess; link: string; said: string }> {
  const dir = mkdtempSync(join(tmpdir(), 'carrel-start-'));
  dirs.push(dir);
  const child = spawn(
    process.execPath,
    ['scripts/start.mjs', '--no-open', '--data-dir', join(dir, 'data'), ...args],
    { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  running.push(child);
  let link = '';
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      link += chunk.toString();
      if (link.includes('\n')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said}`)));
  });
  return { child, link: link.trim(), said };
}

async function answers(link: string): Promise<number> {
  return (await fetch(link, { redirect: 'manual' })).status;
}

test('--web starts the web shell; Ctrl-C ends it in order', async () => {
  const { child, link, said } = await start(['--web'], {});
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+$/);
  expect(said).not.toContain('Electron');
  expect(await answers(link)).toBe(303);
  child.kill('SIGINT');
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBe(0);
});

test('where Electron is not there and can not be fetched, one line says so and the browser is served', async () => {
  const { link, said } = await start([], {
    // A desktop, but no program, and a mirror that refuses.
    DISPLAY: ':99',
    ELECTRON_OVERRIDE_DIST_PATH: join(tmpdir(), 'no-electron-here'),
    ELECTRON_MIRROR: 'http://127.0.0.1:9/',
  });
  expect(said).toMatch(/Electron could not be fetched \(.+\): Carrel runs in the browser\./);
  expect(await answers(link)).toBe(303);
});
