import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { applyDelta } from '../../../src-main/core/library/git/transports/store/delta.ts';
import { Objects } from '../../../src-main/core/library/git/transports/store/objects.ts';
import {
  entryHead,
  wholeHead,
} from '../../../src-main/core/library/git/transports/store/pack-entry.ts';
import type {
  Transport,
  TransportOptions,
} from '../../../src-main/core/library/git/transports/transport.ts';
import { access, fsckRepo, GitClient, idle, refsOf } from '../../helpers/git-client.ts';
import { git, gitIn, TeamRepo, tempDir } from '../../helpers/git-repo.ts';

let temp: ReturnType<typeof tempDir>;
let team: TeamRepo;
let client: GitClient;
const path = process.env['PATH'];

beforeEach(async () => {
  temp = tempDir();
  team = new TeamRepo(temp.path);
  client = await GitClient.create(temp.path);
  // No git for Carrel; the helpers of this test have their own PATH.
  process.env['PATH'] = join(temp.path, 'nothing-here');
});
afterEach(() => {
  process.env['PATH'] = path;
  client.fsck();
  temp.remove();
});

const over = <T>(
  use: (transport: Transport) => Promise<T>,
  url = team.bare,
  options: TransportOptions = idle,
): Promise<T> => GitClient.over(url, access(), use, options);

/** A text that changes a little: what git keeps as deltas. */
const draft = (n: number): string =>
  Array.from({ length: 300 }, (_, line) => `line ${line} ${line % 40 === n % 40 ? n : ''}\n`).join(
    '',
  );

describe('a repository without Git on this machine', () => {
  test('is read whole whatever it is packed like: deltas, packed refs, tags, borrowed objects', async () => {
    for (let n = 0; n < 6; n += 1) team.commit({ 'deep/er/a.md': draft(n), 'b.md': `${n}` });
    git(team.bare, 'tag', '-a', '-m', 'a tag', 'v1', 'main');
    git(team.bare, 'gc', '-q', '--aggressive', '--prune=now');
    expect(readdirSync(join(team.bare, 'refs', 'heads'))).toEqual([]);
    const tip = team.commit({ 'b.md': 'loose' });
    git(temp.path, 'clone', '-q', '--bare', '--shared', team.bare, 'borrowing.git');
    for (const url of [team.bare, join(temp.path, 'borrowing.git'), team.work]) {
      const other = await GitClient.create(temp.path, `client-${url.length}.git`);
      expect(await over((transport) => other.fetch(transport), url)).toBe(tip);
      expect(git(other.gitdir, 'rev-list', '--objects', 'main').split('\n')).toEqual(
        git(team.bare, 'rev-list', '--objects', 'main').split('\n'),
      );
      other.fsck();
    }
  });

  test('sends only what is lacking', async () => {
    const noise = Buffer.from(
      Array.from({ length: 200_000 }, (_, n) => (n * n * 31 + (n >> 3)) % 256),
    );
    team.commit({ 'large.bin': noise, 'a.md': 'one' });
    await over((transport) => client.fetch(transport));
    team.commit({ 'a.md': 'two' });
    let received = 0;
    const options = { ...idle, onBytes: (bytes: number) => void (received = bytes) };
    await over((transport) => client.fetch(transport), team.bare, options);
    expect(received).toBeLessThan(2_000);
    expect(git(client.gitdir, 'show', 'main:a.md')).toBe('two');
  });

  test('takes what git packed as deltas to what it has', async () => {
    team.commit({ 'a.md': draft(0) });
    await over((transport) => client.fetch(transport));
    const old = git(team.bare, 'rev-parse', 'main');
    const mine = client.commit('b.md', draft(1));
    await over((transport) =>
      client.push({
        ...transport,
        async request(wire) {
          if (!wire.url.endsWith('/git-receive-pack')) return transport.request(wire);
          // The same push as native git would send it.
          const head = `${old} ${mine} refs/heads/main\0 report-status side-band-64k`;
          const line = `${(head.length + 4).toString(16).padStart(4, '0')}${head}0000`;
          const pack = thinPack(client.gitdir, `${mine}\n^${old}\n`);
          return transport.request({ ...wire, body: [Buffer.from(line), pack] });
        },
      }),
    );
    expect(git(team.bare, 'rev-parse', 'main')).toBe(mine);
    fsckRepo(team.bare);
  });

  test('what is not a fast-forward is refused, though the asker insists', async () => {
    team.commit({ 'a.md': 'one' });
    const tip = team.commit({ 'a.md': 'two' });
    await over((transport) => client.fetch(transport));
    git(client.gitdir, 'update-ref', 'refs/heads/main', `${tip}~1`);
    client.commit('b.md', 'mine');
    const forced = over((transport) => client.push(transport, { force: true }));
    await expect(forced).rejects.toMatchObject({
      message: expect.stringContaining('non-fast-forward') as string,
    });
    expect(git(team.bare, 'rev-parse', 'main')).toBe(tip);
    fsckRepo(team.bare);
  });

  test('a branch that another program holds is left alone', async () => {
    const tip = team.commit({ 'a.md': 'one' });
    await over((transport) => client.fetch(transport));
    client.commit('b.md', 'mine');
    const lock = join(team.bare, 'refs', 'heads', 'main.lock');
    writeFileSync(lock, '');
    await expect(over((transport) => client.push(transport))).rejects.toMatchObject({
      message: expect.stringContaining('another program holds it') as string,
    });
    expect(git(team.bare, 'rev-parse', 'main')).toBe(tip);
    expect(existsSync(lock)).toBe(true);
    rmSync(lock);
    await over((transport) => client.push(transport));
    fsckRepo(team.bare);
  });

  test('of two who push at once one wins, the other is told, and the repository is whole', async () => {
    team.commit({ 'a.md': 'one' });
    const others = await Promise.all(
      [1, 2, 3, 4].map((n) => GitClient.create(temp.path, `c${n}.git`)),
    );
    for (const other of others) await over((transport) => other.fetch(transport));
    const commits = others.map((other, n) => other.commit(`c${n}.md`, `${n}`));
    const pushed = await Promise.allSettled(
      others.map((other) => over((transport) => other.push(transport))),
    );
    expect(pushed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const winner = pushed.findIndex(({ status }) => status === 'fulfilled');
    expect(git(team.bare, 'rev-parse', 'main')).toBe(commits[winner]);
    fsckRepo(team.bare);
  });

  test('a branch inside of another can not be', async () => {
    team.commit({ 'a.md': 'one' });
    await over((transport) => client.fetch(transport));
    client.commit('b.md', 'mine');
    git(team.bare, 'branch', 'team/x', 'main');
    for (const pack of [false, true]) {
      if (pack) git(team.bare, 'pack-refs', '--all');
      const refs = refsOf(team.bare);
      for (const remoteRef of [
        'refs/heads/team',
        'refs/heads/team/x/y',
        'refs/heads/../x',
        'refs/tags/v',
      ]) {
        const pushed = over((transport) => client.push(transport, { remoteRef }));
        await expect(pushed).rejects.toMatchObject({ code: 'GitPushError' });
        expect(refsOf(team.bare)).toBe(refs);
      }
    }
    fsckRepo(team.bare);
  });

  test('an incomplete push does not move the branch', async () => {
    const tip = team.commit({ 'a.md': 'one' });
    await over((transport) => client.fetch(transport));
    const mine = client.commit('b.md', 'mine');
    const blob = git(client.gitdir, 'rev-parse', `${mine}:b.md`);
    const pushed = over((transport) =>
      client.push({
        ...transport,
        async request(wire) {
          if (!wire.url.endsWith('/git-receive-pack')) return transport.request(wire);
          const head = `${tip} ${mine} refs/heads/main\0 report-status side-band-64k`;
          const line = `${(head.length + 4).toString(16).padStart(4, '0')}${head}0000`;
          const oids = git(client.gitdir, 'rev-list', '--objects', mine, `^${tip}`)
            .split('\n')
            .map((each) => each.slice(0, 40))
            .filter((oid) => oid !== blob);
          const pack = packOf(client.gitdir, `${oids.join('\n')}\n`);
          return transport.request({ ...wire, body: [Buffer.from(line), pack] });
        },
      }),
    );
    await expect(pushed).rejects.toMatchObject({ code: 'GitPushError' });
    expect(git(team.bare, 'rev-parse', 'main')).toBe(tip);
    await over((transport) => client.push(transport));
    fsckRepo(team.bare);
  });

  test.each([
    ['extensions.objectFormat', 'sha256'],
    ['extensions.refStorage', 'reftable'],
    ['extensions.partialClone', 'origin'],
  ])('a form that needs Git says so: %s', async (key, value) => {
    team.commit({ 'a.md': 'one' });
    const config = join(team.bare, 'config');
    const before = readFileSync(config);
    const [section, name] = key.split('.');
    appendFileSync(config, `[${section}]\n\t${name} = ${value}\n`);
    await expect(over((transport) => client.fetch(transport))).rejects.toMatchObject({
      code: 'library/git-needed',
    });
    writeFileSync(config, before);
  });

  test('a damaged repository is an error, not a library', async () => {
    team.commit({ 'a.md': draft(1) });
    git(team.bare, 'gc', '-q');
    const packs = join(team.bare, 'objects', 'pack');
    const name = readdirSync(packs).find((each) => each.endsWith('.pack')) ?? '';
    const pack = readFileSync(join(packs, name));
    rmSync(join(packs, name), { force: true });
    for (const at of [12, 60, pack.length >> 1, pack.length - 40]) {
      const bytes = Buffer.from(pack);
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      writeFileSync(join(packs, name), bytes);
      await expect(over((transport) => client.fetch(transport))).rejects.toMatchObject({
        code: expect.stringMatching(/^library\/(bad-pack|incomplete|too-large)$/) as string,
      });
    }
  });

  test('a cancel is heard', async () => {
    team.commit({ 'a.md': 'one' });
    const controller = new AbortController();
    const options = { ...idle, signal: controller.signal };
    const fetched = over(
      async (transport) => {
        controller.abort(new Error('enough'));
        return client.fetch(transport);
      },
      team.bare,
      options,
    );
    await expect(fetched).rejects.toThrow('enough');
  });
});

function thinPack(gitdir: string, revs: string): Buffer {
  return raw(gitdir, revs, [
    'pack-objects',
    '--stdout',
    '--revs',
    '--thin',
    '-q',
    '--delta-base-offset',
  ]);
}

function packOf(gitdir: string, oids: string): Buffer {
  return raw(gitdir, oids, ['pack-objects', '--stdout', '-q']);
}

function raw(gitdir: string, input: string, args: readonly string[]): Buffer {
  const out = join(gitdir, 'out.pack');
  gitIn(gitdir, input, '-c', `alias.out=!git ${args.join(' ')} > '${out}'`, 'out');
  return readFileSync(out);
}

test('objects read as git reads them, from packs with deltas', () => {
  for (let n = 0; n < 8; n += 1) team.commit({ 'a.md': draft(n), [`x${n}.md`]: draft(n * 3) });
  git(team.bare, 'gc', '-q', '--aggressive', '--prune=now');
  const objects = new Objects(team.bare);
  const lines = git(team.bare, 'cat-file', '--batch-all-objects', '--batch-check').split('\n');
  expect(lines.length).toBeGreaterThan(20);
  for (const line of lines) {
    const [oid = '', type, size] = line.split(' ');
    const object = objects.read(oid);
    expect([object.type, String(object.data.length)]).toEqual([type, size]);
    const sum = createHash('sha1').update(`${object.type} ${object.data.length}\0`);
    expect(sum.update(object.data).digest('hex')).toBe(oid);
  }
  expect(objects.has('0'.repeat(40))).toBe(false);
  expect(() => objects.read('0'.repeat(40))).toThrow(
    expect.objectContaining({ code: 'library/incomplete' }),
  );
  objects.close();
});

test('the head of an object is read as it is written', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('commit' as const, 'tree' as const, 'blob' as const, 'tag' as const),
      fc.nat({ max: 2 ** 31 - 1 }),
      (type, size) => {
        const head = wholeHead(type, size);
        expect(entryHead(head)).toEqual({ start: head.length, size, is: { kind: 'whole', type } });
      },
    ),
  );
});

test('no delta reads or writes outside of its base', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ maxLength: 60 }),
      (base, delta) => {
        const given = Buffer.from([base.length, ...delta]);
        try {
          expect(applyDelta(Buffer.from(base), given).length).toBeLessThan(64 * 1024 * 1024);
        } catch (error) {
          expect(error).toMatchObject({
            code: expect.stringMatching(/^library\/(bad-pack|too-large)$/) as string,
          });
        }
      },
    ),
  );
});
