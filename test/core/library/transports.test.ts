import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { httpTransport } from '../../../src-main/core/library/git/transports/http.ts';
import { collectBody } from '../../../src-main/core/library/git/transports/transport.ts';
import { fixtureLibrary } from '../../helpers/git-fixture-library.ts';
import { startGitHttp, type GitHttpServer, type Meddle } from '../../helpers/git-http-server.ts';
import { filesBelow, fsck, openLibrary, type LibraryRig } from '../../helpers/git-library.ts';
import { git, TeamRepo, tempDir } from '../../helpers/git-repo.ts';

let temp: ReturnType<typeof tempDir>;
let team: TeamRepo;
let rig: LibraryRig;
let server: GitHttpServer | null;
let plain: Server | null;

beforeEach(() => {
  temp = tempDir();
  team = new TeamRepo(temp.path);
  team.commit(fixtureLibrary);
  rig = openLibrary(join(temp.path, 'workspace'));
  server = null;
  plain = null;
});
afterEach(async () => {
  rig.close();
  await server?.close();
  plain?.closeAllConnections();
  plain?.close();
  temp.remove();
});

async function listen(listener: Parameters<typeof createServer>[1]): Promise<string> {
  plain = createServer(listener);
  await new Promise<void>((resolve) => plain?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(plain.address() as AddressInfo).port}`;
}

/** Some incompressible weight, so that a pack is worth cutting. */
function noise(seed: number): Buffer {
  let state = seed;
  return Buffer.from(
    Array.from({ length: 40_000 }, () => (state = (state * 48_271) % 2_147_483_647)),
  );
}

describe('a connection cut in the middle of a pack', () => {
  test('during connect: no library, and a retry succeeds', async () => {
    team.commit({ 'noise.bin': noise(1) });
    let cut = 20_000;
    server = await startGitHttp(temp.path, { cutAfter: () => cut });
    const url = server.url('team.git');
    await expect(rig.service.connect({ kind: 'remote', url })).rejects.toMatchObject({
      code: 'library/connection-cut',
    });
    expect(filesBelow(rig.root)).toEqual([]);
    cut = Infinity;
    await rig.service.connect({ kind: 'remote', url });
    expect(readFileSync(join(rig.dirs.files, 'noise.bin'))).toEqual(noise(1));
    fsck(rig.dirs);
  });

  test('during update, at many places: refs and files as before, and a retry succeeds', async () => {
    let cut = Infinity;
    server = await startGitHttp(temp.path, { cutAfter: () => cut });
    await rig.service.connect({ kind: 'remote', url: server.url('team.git') });
    team.commit({ 'noise.bin': noise(2) });
    const refs = git(rig.dirs.library, '--git-dir=.', 'for-each-ref');
    const files = rig.list();
    for (cut of [0, 1, 4, 8, 30, 300, 5_000, 20_000, 39_000]) {
      await expect(rig.service.update()).rejects.toMatchObject({ code: 'library/connection-cut' });
      expect(git(rig.dirs.library, '--git-dir=.', 'for-each-ref')).toBe(refs);
      expect(rig.list()).toEqual(files);
      fsck(rig.dirs);
    }
    cut = Infinity;
    expect((await rig.service.update()).summary.changed).toEqual([
      { path: 'noise.bin', change: 'added' },
    ]);
    fsck(rig.dirs);
  });
});

describe('credentials', () => {
  const ask: Meddle = (request, response) => {
    const wanted = `Basic ${Buffer.from('ada:s3cret-t0ken').toString('base64')}`;
    if (request.headers.authorization === wanted) return false;
    response.writeHead(401, { 'www-authenticate': 'Basic realm="team"' }).end();
    return true;
  };

  test('in the address work, and are found in no file, state or error', async () => {
    server = await startGitHttp(temp.path, { meddle: ask });
    const clean = server.url('team.git');
    const url = clean.replace('://', '://ada:s3cret-t0ken@');
    const kept: unknown[] = [];
    rig.close();
    rig = openLibrary(rig.root, {
      secrets: {
        get: async () => null,
        put: async (origin, access) => void kept.push(origin, access),
        remove: async () => undefined,
      },
    });
    const { status } = await rig.service.connect({ kind: 'remote', url });
    expect(status.url).toBe(clean);
    team.commit({ 'README.md': 'second' });
    expect((await rig.service.update()).summary.state).toBe('updated');
    await server.close();
    const error: unknown = await rig.service.update().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'library/offline' });
    expect(JSON.stringify([error, await rig.service.status()])).not.toContain('s3cret');
    for (const path of filesBelow(rig.root)) {
      const bytes = readFileSync(join(rig.root, path));
      expect(bytes.includes('s3cret-t0ken')).toBe(false);
      expect(bytes.includes(Buffer.from('ada:s3cret-t0ken').toString('base64'))).toBe(false);
    }
    expect(kept).toEqual([
      new URL(clean).origin,
      { kind: 'password', username: 'ada', password: 's3cret-t0ken' },
    ]);
  });

  test('missing or wrong ones are told apart', async () => {
    server = await startGitHttp(temp.path, { meddle: ask });
    const url = server.url('team.git');
    await expect(rig.service.connect({ kind: 'remote', url })).rejects.toMatchObject({
      code: 'library/access-denied',
      message: expect.stringContaining('asks for credentials') as string,
    });
    const wrong = url.replace('://', '://ada:wrong@');
    await expect(rig.service.connect({ kind: 'remote', url: wrong })).rejects.toMatchObject({
      code: 'library/access-denied',
      message: expect.stringContaining('refused the credentials') as string,
    });
  });

  test('do not follow a redirect to another host; without them it is followed', async () => {
    server = await startGitHttp(temp.path);
    const target = server.url('team.git');
    const seen: (string | undefined)[] = [];
    const from = await listen((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(302, { location: target + (request.url ?? '').slice(2) }).end();
    });
    const url = `${from}/r`;
    const withToken = url.replace('://', '://ada:s3cret@');
    await expect(rig.service.connect({ kind: 'remote', url: withToken })).rejects.toMatchObject({
      code: 'library/bad-redirect',
    });
    expect(server.requests).toEqual([]);
    await rig.service.connect({ kind: 'remote', url });
    expect(server.requests.map(({ authorization }) => authorization)).toEqual([
      undefined,
      undefined,
    ]);
    expect(seen).toHaveLength(2);
  });
});

describe('what answers is not a library', () => {
  test.each([
    ['a web page', 200, 'library/not-a-git-remote'],
    ['nothing there', 404, 'library/remote-not-found'],
    ['a server in trouble', 503, 'library/remote-unavailable'],
  ])('%s', async (_what, status, code) => {
    const url = await listen((_request, response) => {
      response.writeHead(status, { 'content-type': 'text/html' }).end('<html>hello</html>');
    });
    await expect(
      rig.service.connect({ kind: 'remote', url: `${url}/team.git` }),
    ).rejects.toMatchObject({ code });
  });

  test('an empty repository', async () => {
    git(temp.path, 'init', '-q', '--bare', 'empty.git');
    await expect(
      rig.service.connect({ kind: 'remote', url: join(temp.path, 'empty.git') }),
    ).rejects.toMatchObject({ code: 'library/empty-remote' });
  });

  test('a folder without a repository', async () => {
    await expect(rig.service.connect({ kind: 'remote', url: temp.path })).rejects.toMatchObject({
      code: 'library/not-a-git-remote',
    });
    // The folder of the lock is all that is left.
    expect(readdirSync(rig.root)).toEqual(['journal']);
    expect(readdirSync(join(rig.root, 'journal'))).toEqual([]);
  });

  test('nobody listens', async () => {
    const url = await listen(() => undefined);
    plain?.close();
    await expect(
      rig.service.connect({ kind: 'remote', url: `${url}/team.git` }),
    ).rejects.toMatchObject({ code: 'library/offline' });
  });
});

describe('the HTTP client', () => {
  const options = { signal: new AbortController().signal, onBytes: () => undefined };

  test('gives up a server that stops sending, not one that sends slowly', async () => {
    const url = await listen((request, response) => {
      response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' });
      response.write('begin');
      if (request.url?.startsWith('/stall')) return;
      let left = 8;
      const timer = setInterval(() => {
        response.write('.');
        if ((left -= 1) > 0) return;
        clearInterval(timer);
        response.end();
      }, 50);
    });
    const slow = httpTransport(`${url}/slow`, null, { ...options, idleMs: 300 });
    const answer = await slow.request({ url: `${url}/slow/info/refs?service=git-upload-pack` });
    expect((await collectBody(answer.body)).toString()).toBe('begin........');
    const stall = httpTransport(`${url}/stall`, null, { ...options, idleMs: 300 });
    await expect(
      stall.request({ url: `${url}/stall/info/refs?service=git-upload-pack` }),
    ).rejects.toMatchObject({ code: 'library/timed-out' });
  });

  test('stops at its cap and at its abort', async () => {
    const url = await listen((_request, response) => {
      response.writeHead(200);
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', pour);
      pour();
    });
    const capped = httpTransport(url, null, { ...options, maxBytes: 1_000_000 });
    await expect(
      capped.request({ url: `${url}/info/refs?service=git-upload-pack` }),
    ).rejects.toMatchObject({ code: 'library/too-large' });
    const controller = new AbortController();
    const aborted = httpTransport(url, null, {
      signal: controller.signal,
      onBytes: () => controller.abort(),
    });
    await expect(
      aborted.request({ url: `${url}/info/refs?service=git-upload-pack` }),
    ).rejects.toThrow(/abort/i);
  });

  test('ends a redirect loop', async () => {
    const url = await listen((request, response) => {
      response.writeHead(301, { location: request.url ?? '/' }).end();
    });
    await expect(
      httpTransport(url, null, options).request({
        url: `${url}/info/refs?service=git-upload-pack`,
      }),
    ).rejects.toMatchObject({ code: 'library/bad-redirect' });
  });
});

test('no command that the repository configures is run', async () => {
  const canary = join(temp.path, 'canary');
  git(team.bare, 'config', 'uploadpack.packObjectsHook', `touch ${canary};`);
  git(team.bare, 'config', 'core.fsmonitor', `touch ${canary}`);
  git(team.bare, 'config', 'core.sshCommand', `touch ${canary}`);
  await rig.service.connect({ kind: 'remote', url: team.bare });
  expect(existsSync(canary)).toBe(false);
});

test('a clone can be cancelled, leaves nothing, and the next one works', async () => {
  const held = await listen(() => undefined);
  const controller = new AbortController();
  const running = rig.service.connect(
    { kind: 'remote', url: `${held}/team.git` },
    { signal: controller.signal, onProgress: () => controller.abort() },
  );
  await expect(running).rejects.toMatchObject({ code: 'worker/cancelled' });
  expect((await rig.service.status()).state).toEqual({ kind: 'none' });
  expect(filesBelow(rig.root)).toEqual([]);
  await rig.service.connect({ kind: 'remote', url: team.bare });
});
