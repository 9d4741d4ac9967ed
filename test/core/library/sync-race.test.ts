import { execFileSync } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startGitHttp, type GitHttpServer } from '../../helpers/git-http-server.ts';
import { git, gitEnv } from '../../helpers/git-repo.ts';
import type { LibraryClient } from '../../helpers/library-rig-client.ts';
import { LibraryRig } from '../../helpers/library-rig.ts';
import { acceptAll } from '../../../src-main/core/library/git/verify.ts';
import { library, lines, TEXT } from './sync-library.helper.ts';

let rig: LibraryRig;
let ada: LibraryClient;
let server: GitHttpServer;
/** What happens to a push right before the server sees it. True where it was answered. */
let onPush: (request: IncomingMessage, response: ServerResponse) => boolean;

beforeEach(async () => {
  onPush = () => false;
  rig = LibraryRig.empty(['ada']);
  server = await startGitHttp(rig.root, {
    meddle: (request, response) =>
      request.method === 'POST' && request.url?.endsWith('/git-receive-pack') === true
        ? onPush(request, response)
        : false,
  });
  rig.team.commit(library, 'First version');
  git(rig.bare, 'config', 'http.receivepack', 'true');
  ada = rig.client(0);
  await ada.connect(server.url('team.git'));
});
afterEach(async () => {
  await server.close();
  try {
    rig.account();
  } finally {
    rig.close();
  }
});

describe('somebody else pushes between our fetch and our push', () => {
  test('once: it is fetched, merged and sent again', async () => {
    let pushes = 0;
    onPush = () => {
      pushes += 1;
      if (pushes === 1) rig.push({ [TEXT]: lines({ 8: 'of ben' }) }, 'Quicker');
      return false;
    };
    ada.put(TEXT, lines({ 1: 'of ada' }));
    const { state, waitsFor } = await ada.publish({ message: 'Slower' });
    expect({ state, waitsFor }).toEqual({ state: 'published', waitsFor: null });
    expect(pushes).toBe(2);
    expect(rig.messages()).toEqual(['Slower', 'Quicker', 'First version']);
    expect(ada.read(TEXT)).toBe(lines({ 1: 'of ada', 8: 'of ben' }));
    expect(rig.files()).toEqual(ada.files());
  });

  test('with what overlaps: ours waits, nothing is sent for it', async () => {
    let pushes = 0;
    onPush = () => {
      pushes += 1;
      if (pushes === 1) rig.push({ [TEXT]: lines({ 4: 'of ben' }) }, 'Quicker');
      return false;
    };
    ada.put(TEXT, lines({ 4: 'of ada' }));
    ada.put('README.md', 'of ada');
    const { update } = await ada.publish({ message: 'Slower' });
    expect(update.conflicts).toEqual([TEXT]);
    expect(rig.messages()).toEqual(['Slower', 'Quicker', 'First version']);
    expect(rig.show('README.md')).toBe('of ada');
    expect(`${rig.show(TEXT)}\n`).toBe(lines({ 4: 'of ben' }));
    expect(ada.read(TEXT)).toBe(lines({ 4: 'of ada' }));
  });

  test('again and again: it gives up after five tries and keeps the version', async () => {
    let pushes = 0;
    onPush = () => {
      pushes += 1;
      rig.push({ 'busy.md': `push ${pushes}` }, `Quicker ${pushes}`);
      return false;
    };
    ada.put('README.md', 'of ada');
    const { state, waitsFor } = await ada.publish({ message: 'Slower' });
    expect(state).toBe('queued');
    expect(waitsFor?.code).toMatch(/^library\//);
    expect(pushes).toBeLessThanOrEqual(5);
    onPush = () => false;
    expect(await ada.update()).toMatchObject({ unsent: null });
    expect(rig.messages()[0]).toBe('Slower');
    expect(rig.files()).toEqual(ada.files());
  });
});

describe('the answer to a push is lost', () => {
  test('after the server took it: it is not sent twice', async () => {
    let pushes = 0;
    onPush = (request, response) => {
      pushes += 1;
      if (pushes > 1) return false;
      void buffer(request).then((body) => {
        const input = { input: body, env: gitEnv, cwd: rig.bare };
        execFileSync('git', ['receive-pack', '--stateless-rpc', '.'], input);
        response.destroy();
      });
      return true;
    };
    ada.put(TEXT, lines({ 1: 'of ada' }));
    await ada.publish({ message: 'Sent once' });
    const tip = rig.tip();
    await ada.update();
    expect(rig.messages()).toEqual(['Sent once', 'First version']);
    expect(rig.tip()).toBe(tip);
    expect(await ada.open()).toMatchObject({ queued: 0, edited: 0, version: tip });
  });

  test('before the server took it: it is sent by the next update at the latest', async () => {
    let pushes = 0;
    onPush = (_request, response) => {
      pushes += 1;
      if (pushes === 1) response.destroy();
      return pushes === 1;
    };
    ada.put('README.md', 'of ada');
    await ada.publish({ message: 'Sent once' });
    await ada.update();
    expect(rig.messages()).toEqual(['Sent once', 'First version']);
    expect(await ada.open()).toMatchObject({ queued: 0, edited: 0, version: rig.tip() });
  });
});

describe('the person writes in the middle of a job', () => {
  test('between the check of a version and the first file', async () => {
    rig.push({ [TEXT]: lines({ 4: 'of ben' }), 'README.md': 'of ben' });
    ada.hooks.policy = async (version) => {
      ada.put(TEXT, lines({ 4: 'of ada' }));
      ada.put('README.md', 'of ada');
      return acceptAll(version);
    };
    const { summary } = await ada.update();
    expect(summary.conflicts).toEqual(['README.md', TEXT]);
    expect(ada.read(TEXT)).toBe(lines({ 4: 'of ada' }));
    expect(ada.read('README.md')).toBe('of ada');
  });

  test('while files are written: what is written later is what stays', async () => {
    const paths = Array.from({ length: 30 }, (_, n) => `knowledge/fill/${n}.md`);
    rig.push(Object.fromEntries(paths.map((path) => [path, `of ben: ${path}\n`])));
    let done = 0;
    ada.hooks.report = (phase) => {
      if (phase !== 'writing') return;
      const path = paths[(done += 1) + 3];
      if (path) ada.put(path, `of ada: ${path}\n`);
    };
    await ada.update();
    expect(done).toBeGreaterThan(20);
    for (const [n, path] of paths.entries()) {
      const isAdas = n > 3 && n <= done + 3;
      expect(ada.read(path)).toBe(`of ${isAdas ? 'ada' : 'ben'}: ${path}\n`);
    }
    ada.hooks = {};
    for (const { path } of await ada.conflicts()) await ada.resolve(path, { kind: 'mine' });
    await ada.publish();
    expect(rig.files()).toEqual(ada.files());
  });

  test('a file that the team deletes', async () => {
    rig.push({ [TEXT]: null });
    ada.hooks.policy = async (version) => {
      ada.put(TEXT, 'of ada');
      return acceptAll(version);
    };
    await ada.update();
    expect(ada.read(TEXT)).toBe('of ada');
    expect(await ada.conflicts()).toMatchObject([{ path: TEXT, kind: 'deleted-there' }]);
  });

  test('while it publishes: the later text is an edit, not lost, not published by chance', async () => {
    let n = 0;
    const phases = new Set<string>();
    ada.hooks.report = (phase) => {
      phases.add(phase);
      ada.put(TEXT, lines({ 1: `of ada ${(n += 1)}` }));
    };
    ada.put(TEXT, lines({ 1: 'of ada' }));
    const { state } = await ada.publish();
    expect(state).toBe('published');
    expect(n).toBeGreaterThan(0);
    expect([...phases]).toContain('publishing');
    expect(ada.read(TEXT)).toBe(lines({ 1: `of ada ${n}` }));
    expect(await ada.open()).toMatchObject({ edited: 1, conflicts: 0 });
    ada.hooks = {};
    await ada.publish();
    expect(rig.files()).toEqual(ada.files());
  });

  test('and somebody else pushes at the same time', async () => {
    ada.put('README.md', 'of ada');
    onPush = () => {
      if (rig.messages().length === 1) rig.push({ [TEXT]: lines({ 8: 'of ben' }) });
      ada.put(TEXT, lines({ 1: 'of ada' }));
      return false;
    };
    expect(await ada.publish()).toMatchObject({ state: 'published' });
    expect(ada.read(TEXT)).toBe(lines({ 1: 'of ada' }));
    await ada.update();
    onPush = () => false;
    for (const { path } of await ada.conflicts()) await ada.resolve(path, { kind: 'mine' });
    await ada.publish();
    expect(rig.files()).toEqual(ada.files());
  });
});

describe('cancelled', () => {
  test('before anything was decided: all is as it was', async () => {
    const [files, before] = [ada.files(), await ada.open()];
    rig.push({ 'README.md': 'of ben' });
    const controller = new AbortController();
    ada.hooks.signal = controller.signal;
    ada.hooks.policy = async (version) => {
      controller.abort();
      return acceptAll(version);
    };
    await expect(ada.update()).rejects.toThrow();
    ada.hooks = {};
    expect(ada.files()).toEqual(files);
    expect(await ada.open()).toMatchObject({ version: before?.version });
    expect((await ada.update()).summary.state).toBe('updated');
  });

  test('while it is sent: the version waits', async () => {
    const controller = new AbortController();
    ada.hooks.signal = controller.signal;
    onPush = (_request, response) => {
      controller.abort();
      response.destroy();
      return true;
    };
    ada.put('README.md', 'of ada');
    await ada.publish({ message: 'Cancelled' }).catch((error: unknown) => error);
    ada.hooks = {};
    onPush = () => false;
    expect(await ada.open()).toMatchObject({ queued: 1 });
    await ada.update();
    expect(rig.messages()).toEqual(['Cancelled', 'First version']);
  });
});
