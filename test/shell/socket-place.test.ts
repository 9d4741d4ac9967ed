import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { silentLogger } from '../../src-main/core/shared/logger.ts';
import { attach } from '../../src-main/shell/attach.ts';
import type { AttachInfo } from '../../src-main/shell/engine-messages.ts';
import { SocketServer } from '../../src-main/shell/socket-server.ts';

const own = `carrel-${process.getuid?.() ?? 0}`;

let dir: string;
let server: SocketServer;
let info: AttachInfo | null;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'carrel-socket-'));
  info = null;
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  if (info) expect(existsSync(info.path)).toBe(false);
  // Nothing is left outside.
  if (info && !info.path.startsWith(dir)) expect(existsSync(dirname(info.path))).toBe(false);
  rmSync(dir, { recursive: true, force: true });
});

async function listen(runDir: string): Promise<string> {
  server = new SocketServer({
    runDir,
    attachFile: join(dir, 'engine.json'),
    connect: () => ({ receive: () => undefined, close: () => undefined }),
    logger: silentLogger,
  });
  info = await server.listen();
  const attached = await attach(info);
  expect(attached).not.toBeNull();
  attached?.close();
  expect(statSync(dirname(info.path)).mode & 0o777).toBe(0o700);
  expect(Buffer.byteLength(info.path)).toBeLessThanOrEqual(104);
  return info.path;
}

describe.skipIf(process.platform === 'win32')('the socket of an engine', () => {
  test('is beside the data', async () => {
    const runDir = join(dir, 'run');
    expect(dirname(await listen(runDir))).toBe(runDir);
  });

  test('with a long path is in the directory of this user in the temporary one', async () => {
    vi.stubEnv('TMPDIR', dir);
    expect(dirname(await listen(join(dir, 'long'.repeat(30))))).toBe(join(dir, own));
  });

  test.each([
    ['open to others', (at: string) => chmodSync((mkdirSync(at), at), 0o777)],
    ['a link to elsewhere', (at: string) => symlinkSync(dir, at)],
    ['a dead link', (at: string) => symlinkSync(join(dir, 'nowhere'), at)],
  ])('leaves a directory alone that is %s', async (_what, make) => {
    vi.stubEnv('TMPDIR', dir);
    make(join(dir, own));
    expect(await listen(join(dir, 'long'.repeat(30)))).not.toContain(own);
  });

  test('has a short path where all names are long', async () => {
    const temporary = join(dir, 'temporary'.repeat(10));
    mkdirSync(temporary);
    vi.stubEnv('TMPDIR', temporary);
    await listen(join(dir, 'long'.repeat(30)));
  });
});
