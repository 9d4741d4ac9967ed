import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { access, fsckRepo, GitClient, refsOf } from '../../helpers/git-client.ts';
import { startGitHttp, type GitHttpServer } from '../../helpers/git-http-server.ts';
import { git, TeamRepo, tempDir } from '../../helpers/git-repo.ts';

let temp: ReturnType<typeof tempDir>;
let team: TeamRepo;
let client: GitClient;
let server: GitHttpServer | null;
let plain: Server | null;

beforeEach(async () => {
  temp = tempDir();
  team = new TeamRepo(temp.path);
  git(team.bare, 'config', 'http.receivepack', 'true');
  client = await GitClient.create(temp.path);
  server = null;
  plain = null;
});
afterEach(async () => {
  client.fsck();
  fsckRepo(team.bare);
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

const over = <T>(url: string, use: Parameters<typeof GitClient.over<T>>[2]): Promise<T> =>
  GitClient.over(url, access(), use);

describe.each(['http', 'a path', 'a path without git'])('over %s', (kind) => {
  let url: string;
  const path = process.env['PATH'];
  beforeEach(async () => {
    if (kind === 'http') {
      server = await startGitHttp(temp.path);
      url = server.url('team.git');
    } else url = team.bare;
    if (kind === 'a path without git') process.env['PATH'] = join(temp.path, 'nothing-here');
  });
  afterEach(() => {
    process.env['PATH'] = path;
  });

  test('fetch, push, the next push, and a rejection that a fetch heals', async () => {
    const first = team.commit({ 'a.md': 'one' });
    await over(url, async (transport) => {
      expect(await client.fetch(transport)).toBe(first);
      const mine = client.commit('b.md', 'two');
      await client.push(transport);
      expect(git(team.bare, 'rev-parse', 'main')).toBe(mine);
      const more = client.commit('c.md', 'three');
      await client.push(transport);
      expect(git(team.bare, 'rev-parse', 'main')).toBe(more);
      git(team.work, 'pull', '-q', 'origin', 'main');
      const theirs = team.commit({ 'd.md': 'four' });
      client.commit('e.md', 'five');
      await expect(client.push(transport)).rejects.toMatchObject({ code: 'PushRejectedError' });
      expect(git(team.bare, 'rev-parse', 'main')).toBe(theirs);
      // The refs that the first fetch saw are not the answer any more.
      expect(await client.fetch(transport)).toBe(theirs);
      const healed = client.commit('e.md', 'five');
      await client.push(transport);
      expect(git(team.bare, 'rev-parse', 'main')).toBe(healed);
    });
  });

  test('the first push into an empty repository', async () => {
    const mine = client.commit('a.md', 'one');
    await over(url, (transport) => client.push(transport));
    expect(git(team.bare, 'rev-parse', 'main')).toBe(mine);
  });

  test('who comes second between question and answer is refused by the server', async () => {
    team.commit({ 'a.md': 'one' });
    await over(url, async (transport) => {
      await client.fetch(transport);
      client.commit('b.md', 'two');
      let theirs = '';
      const late: typeof transport = {
        ...transport,
        request(wire) {
          if (wire.url.endsWith('/git-receive-pack')) theirs = team.commit({ 'c.md': 'three' });
          return transport.request(wire);
        },
      };
      await expect(client.push(late)).rejects.toMatchObject({ code: 'GitPushError' });
      expect(git(team.bare, 'rev-parse', 'main')).toBe(theirs);
    });
  });
});

describe('over http', () => {
  test('a push whose answer is cut is not sent again', async () => {
    team.commit({ 'a.md': 'one' });
    server = await startGitHttp(temp.path, { cutAfter: () => 5 });
    const url = server.url('team.git');
    await over(team.bare, (transport) => client.fetch(transport));
    const mine = client.commit('b.md', 'two');
    const pushed = over(url, (transport) => client.push(transport));
    await expect(pushed).rejects.toMatchObject({ code: 'library/connection-cut' });
    expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    // It had arrived; the next push finds that out.
    expect(git(team.bare, 'rev-parse', 'main')).toBe(mine);
  });

  test('a push is not led elsewhere, its question is', async () => {
    team.commit({ 'a.md': 'one' });
    server = await startGitHttp(temp.path);
    const target = server.url('team.git');
    let posts = 0;
    const from = await listen((request, response) => {
      const where = target + (request.url ?? '').slice(2);
      if (request.method !== 'POST') return void response.writeHead(302, { location: where }).end();
      posts += 1;
      response.writeHead(307, { location: where }).end();
    });
    await over(team.bare, (transport) => client.fetch(transport));
    const mine = client.commit('b.md', 'two');
    await over(`${from}/r`, (transport) => client.push(transport));
    expect(git(team.bare, 'rev-parse', 'main')).toBe(mine);
    expect(posts).toBe(0);
    const loop = await startGitHttp(temp.path, {
      meddle: (request, response) => {
        if (request.method !== 'POST') return false;
        response.writeHead(307, { location: target + '/git-receive-pack' }).end();
        return true;
      },
    });
    client.commit('c.md', 'three');
    const led = over(loop.url('team.git'), (transport) => client.push(transport));
    await expect(led).rejects.toMatchObject({ code: 'library/bad-redirect' });
    expect(git(team.bare, 'rev-parse', 'main')).toBe(mine);
    await loop.close();
  });

  test('a repository that takes no changes says so, with a way out', async () => {
    team.commit({ 'a.md': 'one' });
    git(team.bare, 'config', 'http.receivepack', 'false');
    server = await startGitHttp(temp.path);
    const url = server.url('team.git');
    await over(url, (transport) => client.fetch(transport));
    client.commit('b.md', 'two');
    const refs = refsOf(team.bare);
    await expect(over(url, (transport) => client.push(transport))).rejects.toMatchObject({
      code: 'library/access-denied',
      action: 'give-access',
    });
    const how = access({ credentials: { username: 'ada', password: 'reader' } });
    await expect(
      GitClient.over(url, how, (transport) => client.push(transport)),
    ).rejects.toMatchObject({
      code: 'library/access-denied',
      message: expect.stringContaining('does not take changes') as string,
      action: 'give-access',
    });
    expect(refsOf(team.bare)).toBe(refs);
  });
});

describe('by path', () => {
  test('runs no program of the repository', async () => {
    team.commit({ 'a.md': 'one' });
    const canary = join(temp.path, 'canary');
    const hook = join(team.bare, 'hooks', 'post-receive');
    writeFileSync(hook, `#!/bin/sh\ntouch ${canary}\n`);
    chmodSync(hook, 0o755);
    for (const key of ['core.fsmonitor', 'core.alternateRefsCommand', 'core.sshCommand']) {
      git(team.bare, 'config', key, `touch ${canary};`);
    }
    git(temp.path, 'init', '-q', '--bare', 'other.git');
    writeFileSync(
      join(team.bare, 'objects', 'info', 'alternates'),
      `${join(temp.path, 'other.git', 'objects')}\n`,
    );
    await over(team.bare, async (transport) => {
      await client.fetch(transport);
      const mine = client.commit('b.md', 'two');
      await client.push(transport);
      expect(git(team.bare, 'rev-parse', 'main')).toBe(mine);
    });
    expect(existsSync(canary)).toBe(false);
  });

  test('a hook that decides what is taken is not gone round', async () => {
    team.commit({ 'a.md': 'one' });
    const hook = join(team.bare, 'hooks', 'pre-receive');
    writeFileSync(hook, '#!/bin/sh\nexit 0\n');
    const mine = await over(team.bare, async (transport) => {
      await client.fetch(transport);
      client.commit('b.md', 'two');
      // Not executable: git would not run it either.
      chmodSync(hook, 0o644);
      await client.push(transport);
      return client.commit('c.md', 'three');
    });
    chmodSync(hook, 0o755);
    await expect(over(team.bare, (transport) => client.push(transport))).rejects.toMatchObject({
      code: 'library/hooks-decide',
      data: { hook: 'pre-receive' },
    });
    expect(git(team.bare, 'rev-parse', 'main')).not.toBe(mine);
  });

  test('what is checked out there is not written over', async () => {
    team.commit({ 'a.md': 'one' });
    git(team.work, 'config', 'receive.denyCurrentBranch', 'updateInstead');
    await over(team.work, async (transport) => {
      await client.fetch(transport);
      client.commit('b.md', 'two');
      await expect(client.push(transport)).rejects.toMatchObject({
        code: 'GitPushError',
        message: expect.stringContaining('branch is currently checked out') as string,
      });
    });
    expect(existsSync(join(team.work, 'b.md'))).toBe(false);
  });
});
