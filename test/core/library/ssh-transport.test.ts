import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SshAccess } from '../../../src-main/core/library/remote-access.ts';
import type {
  Transport,
  TransportOptions,
} from '../../../src-main/core/library/git/transports/transport.ts';
import { access, fsckRepo, GitClient, idle, refsOf } from '../../helpers/git-client.ts';
import { git, TeamRepo, tempDir } from '../../helpers/git-repo.ts';
import { cuttingProxy, sshProgram, startSshd, type Proxy, type Sshd } from '../../helpers/sshd.ts';

let host: ReturnType<typeof tempDir>;
let sshd: Sshd;
let temp: ReturnType<typeof tempDir>;
let team: TeamRepo;
let client: GitClient;
let proxy: Proxy | null;
const path = process.env['PATH'];

beforeAll(async () => {
  host = tempDir();
  sshd = await startSshd(host.path);
  process.env['PATH'] = sshProgram(sshd, host.path);
});
afterAll(async () => {
  process.env['PATH'] = path;
  await sshd.close();
  host.remove();
});
beforeEach(async () => {
  temp = tempDir();
  team = new TeamRepo(temp.path);
  client = await GitClient.create(temp.path);
  proxy = null;
});
afterEach(() => {
  proxy?.close();
  client.fsck();
  fsckRepo(team.bare);
  temp.remove();
});

interface How {
  readonly url?: string;
  readonly given?: Partial<SshAccess>;
  readonly options?: TransportOptions;
}

function over<T>(use: (transport: Transport) => Promise<T>, how: How = {}): Promise<T> {
  const { url = sshd.url(team.bare), given = {}, options } = how;
  return GitClient.over(url, access({ ssh: sshd.access(given) }), use, options);
}

const logins = (): number => sshd.log().match(/Accepted publickey/g)?.length ?? 0;
const ended = (): number => sshd.log().match(/Disconnected from user/g)?.length ?? 0;

describe.each(['built-in', 'system'] as const)('with the %s program', (program) => {
  const given = { program };

  test('fetch, push, the next push, and a rejection that a fetch heals', async () => {
    const first = team.commit({ 'a.md': 'one' });
    await over(
      async (transport) => {
        expect(await client.fetch(transport)).toBe(first);
        const mine = client.commit('b.md', 'two');
        await client.push(transport);
        expect(git(team.bare, 'rev-parse', 'main')).toBe(mine);
        git(team.work, 'pull', '-q', 'origin', 'main');
        const theirs = team.commit({ 'd.md': 'four' });
        client.commit('e.md', 'five');
        await expect(client.push(transport)).rejects.toMatchObject({ code: 'PushRejectedError' });
        expect(await client.fetch(transport)).toBe(theirs);
        const healed = client.commit('e.md', 'five');
        await client.push(transport);
        expect(git(team.bare, 'rev-parse', 'main')).toBe(healed);
      },
      { given },
    );
  });

  test('the first push into an empty repository, whatever its name', async () => {
    const odd = join(temp.path, "team's $HOME `x` \\ repo.git");
    git(temp.path, 'init', '-q', '--bare', '--initial-branch=main', odd);
    const mine = client.commit('a.md', 'one');
    const url = sshd.url(odd.split('/').map(encodeURIComponent).join('/'));
    await over((transport) => client.push(transport), { url, given });
    expect(git(odd, 'rev-parse', 'main')).toBe(mine);
    expect(await over((transport) => client.fetch(transport), { url, given })).toBe(mine);
    fsckRepo(odd);
  });
});

test('a large push and a large fetch arrive whole', { timeout: 120_000 }, async () => {
  team.commit({ 'a.md': 'one' });
  await over((transport) => client.fetch(transport));
  const bytes = Buffer.alloc(2_000_000, 0);
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE((at * 2_654_435_761) >>> 0, at);
  const mine = client.commit('large.bin', bytes);
  let received = 0;
  const options = { ...idle, onBytes: (count: number) => void (received = count) };
  await over((transport) => client.push(transport), { options });
  expect(git(team.bare, 'rev-parse', 'main')).toBe(mine);
  const other = await GitClient.create(temp.path, 'other.git');
  expect(await over((transport) => other.fetch(transport), { options })).toBe(mine);
  expect(received).toBeGreaterThan(1_000_000);
  other.fsck();
});

test('one login serves all of a job, and is ended with it', async () => {
  team.commit({ 'a.md': 'one' });
  const before = { logins: logins(), ended: ended() };
  await over(async (transport) => {
    await client.fetch(transport);
    client.commit('b.md', 'two');
    await client.push(transport);
    client.commit('c.md', 'three');
    await client.push(transport);
  });
  expect(logins() - before.logins).toBe(1);
  await expect.poll(ended, { timeout: 10_000 }).toBe(before.ended + 1);
});

describe('a connection that breaks', () => {
  async function through(afterBytes: () => number, mode: 'cut' | 'stall' = 'cut'): Promise<string> {
    proxy = await cuttingProxy(sshd.port, afterBytes, mode);
    sshd.knowAlso(proxy.port);
    return sshd.url(team.bare, proxy.port);
  }

  /** Bytes that do not compress, so that there is something to cut. */
  const noise = (): Buffer => {
    let state = 7;
    return Buffer.from(
      Array.from({ length: 40_000 }, () => (state = (state * 48_271) % 2_147_483_647)),
    );
  };

  test('at many places of a fetch: refs as before, and a retry succeeds', async () => {
    team.commit({ 'a.md': 'one' });
    let cut = Infinity;
    const url = await through(() => cut);
    await over((transport) => client.fetch(transport), { url });
    const first = proxy?.bytes() ?? 0;
    const theirs = team.commit({ 'noise.bin': noise() });
    const refs = refsOf(client.gitdir);
    for (cut of [0, 30, 1_500, first, first + 35_000]) {
      const fetched = over((transport) => client.fetch(transport), { url });
      await expect(fetched).rejects.toMatchObject({ code: 'library/connection-cut' });
      expect(refsOf(client.gitdir)).toBe(refs);
      client.fsck();
    }
    cut = Infinity;
    expect(await over((transport) => client.fetch(transport), { url })).toBe(theirs);
  });

  test('at many places of a push: the ref is the old one or the new one', async () => {
    const old = team.commit({ 'a.md': 'one' });
    let cut = Infinity;
    const url = await through(() => cut);
    await over((transport) => client.fetch(transport), { url });
    const mine = client.commit('noise.bin', noise());
    for (cut of [500, 2_200, 2_500]) {
      const pushed = over((transport) => client.push(transport), { url });
      await expect(pushed).rejects.toMatchObject({ code: 'library/connection-cut' });
      expect([old, mine]).toContain(git(team.bare, 'rev-parse', 'main'));
      fsckRepo(team.bare);
    }
    cut = Infinity;
    await over((transport) => client.push(transport), { url });
    expect(git(team.bare, 'rev-parse', 'main')).toBe(mine);
  });

  test('by silence: it is given up, before and after the login', async () => {
    team.commit({ 'noise.bin': noise() });
    let silence = 0;
    const url = await through(() => silence, 'stall');
    for (silence of [0, 20_000]) {
      const options = { ...idle, idleMs: 400 };
      const fetched = over((transport) => client.fetch(transport), { url, options });
      await expect(fetched).rejects.toMatchObject({ code: 'library/timed-out' });
      expect(refsOf(client.gitdir)).toBe('');
    }
  });

  test.each(['built-in', 'system'] as const)(
    'by the person, with the %s program',
    async (program) => {
      team.commit({ 'noise.bin': noise() });
      for (const silence of [0, 20_000]) {
        const url = await through(() => silence, 'stall');
        const controller = new AbortController();
        const options = { ...idle, signal: controller.signal };
        const given = { program };
        const fetched = over((transport) => client.fetch(transport), { url, given, options });
        fetched.catch(() => undefined);
        await expect
          .poll(() => proxy?.bytes(), { timeout: 10_000 })
          .toBeGreaterThanOrEqual(silence);
        const started = performance.now();
        controller.abort(new Error('enough'));
        await expect(fetched).rejects.toThrow('enough');
        expect(performance.now() - started).toBeLessThan(1_000);
        proxy?.close();
      }
    },
  );
});

test('an answer over the cap is refused', async () => {
  team.commit({
    'a.bin': Buffer.from(Array.from({ length: 50_000 }, (_, n) => (n * n * 7) % 251)),
  });
  const controller = new AbortController();
  const options = { signal: controller.signal, onBytes: () => undefined, maxBytes: 600 };
  await expect(over((transport) => client.fetch(transport), { options })).rejects.toMatchObject({
    code: 'library/too-large',
  });
});
