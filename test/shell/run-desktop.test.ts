import { expect, test, vi } from 'vitest';
import { runDesktop } from '../../scripts/run-desktop.ts';

/** Runs a line of JavaScript in place of Electron. */
const run = (script: string, quickMs?: number): Promise<number | string> =>
  runDesktop({
    program: process.execPath,
    args: ['-e', script],
    cwd: import.meta.dirname,
    ...(quickMs === undefined ? {} : { quickMs }),
  });

test('an app that ends as it should gives its exit code', async () => {
  expect(await run('process.exit(0)')).toBe(0);
});

test.skipIf(process.platform === 'win32').each(['SIGTRAP', 'SIGABRT', 'SIGSEGV'])(
  'one that dies of %s at its start can’t run here',
  async (signal) => {
    expect(await run(`process.kill(process.pid, '${signal}')`)).toBe(signal);
  },
);

test('one that fails at its start can’t run here; later it is a failure of the app', async () => {
  expect(await run('process.exit(127)')).toBe('exit code 127');
  expect(await run('process.exit(5)', 0)).toBe(5);
});

test('one that is not there can’t run here', async () => {
  const result = await runDesktop({ program: '/nowhere/electron', args: [], cwd: '.' });
  expect(result).toMatch(/ENOENT/);
});

test('one that was asked to end is not replaced', async () => {
  const before = process.listenerCount('SIGHUP');
  const running = run('setInterval(() => {}, 1000)');
  process.emit('SIGHUP');
  expect(await running).toBe(1);
  expect(process.listenerCount('SIGHUP')).toBe(before);
});

test('Electron is not told to be a plain Node', async () => {
  vi.stubEnv('ELECTRON_RUN_AS_NODE', '1');
  expect(await run('process.exit(process.env.ELECTRON_RUN_AS_NODE ? 1 : 0)')).toBe(0);
  vi.unstubAllEnvs();
});
