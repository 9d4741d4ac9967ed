import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchElectron } from '../../scripts/electron-binary.ts';

let server: Server | null = null;
let cache: string;
let lines: string[];

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'carrel-cache-'));
  lines = [];
  // An empty cache, and a server of our own in place of the public one.
  process.env['electron_config_cache'] = cache;
});

afterEach(async () => {
  delete process.env['ELECTRON_MIRROR'];
  delete process.env['electron_config_cache'];
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  server = null;
  rmSync(cache, { recursive: true, force: true });
});

async function mirror(listener: RequestListener): Promise<void> {
  const made = createServer(listener);
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  const { port } = made.address() as AddressInfo;
  process.env['ELECTRON_MIRROR'] = `http://127.0.0.1:${port}/`;
}

const fetchIt = (silentMs: number): Promise<string | null> =>
  fetchElectron({ silentMs, onProgress: (text) => lines.push(text) });

test('a server that accepts and says nothing is given up', async () => {
  await mirror(() => undefined);
  expect(await fetchIt(1_500)).toBe('no connection for 1.5 s');
  expect(lines[0]).toMatch(/^Fetching Electron \d+\.\d+\.\d+: connecting/);
});

test('a download that stops is given up, after its progress was shown', async () => {
  await mirror((_request, response) => {
    response.writeHead(200, { 'Content-Length': 100_000_000 });
    response.write(Buffer.alloc(3_000_000));
  });
  expect(await fetchIt(2_000)).toBe('no byte for 2 s');
  expect(lines.at(-1)).toMatch(/: \d of 100 MB$/);
});

test('nobody there, and a server without it, are said at once', async () => {
  process.env['ELECTRON_MIRROR'] = 'http://127.0.0.1:1/';
  expect(await fetchIt(20_000)).toMatch(/./);
  await mirror((_request, response) => response.writeHead(404).end());
  expect(await fetchIt(20_000)).toBe('the server answered 404');
});

test('a file that is not the one of this version is refused', async () => {
  await mirror((_request, response) => response.end('not Electron'));
  expect(await fetchIt(20_000)).toContain('checksum');
});
