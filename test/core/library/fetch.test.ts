import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { walkNewPart } from '../../../src-main/core/library/git/connectivity.ts';
import { fetchTip, remoteTip } from '../../../src-main/core/library/git/fetch-tip.ts';
import { PktReader } from '../../../src-main/core/library/git/packs/pkt-line.ts';
import { uploadPack } from '../../../src-main/core/library/git/packs/upload-pack.ts';
import {
  bodyOf,
  collectBody,
  packetLine,
  type Transport,
} from '../../../src-main/core/library/git/transports/transport.ts';
import { access, GitClient, idle, refsOf } from '../../helpers/git-client.ts';
import { startGitHttp, type GitHttpServer } from '../../helpers/git-http-server.ts';
import { git, gitIn, TeamRepo, tempDir } from '../../helpers/git-repo.ts';
import { packFiles } from '../../helpers/pack-store.helper.ts';
import { answerOf, blob, line, pack } from '../../helpers/packs.helper.ts';

const WANT = 'a'.repeat(40);

/** A transport that has one answer, in parts of `size` bytes. */
function answering(answer: Buffer, size = answer.length, asked: Buffer[] = []): Transport {
  const parts: Buffer[] = [];
  for (let at = 0; at < answer.length; at += size) parts.push(answer.subarray(at, at + size));
  return {
    wireUrl: 'http://remote.invalid/r',
    place: 'remote.invalid',
    close: () => undefined,
    async request(wire) {
      asked.push(await collectBody(wire.body));
      const head = { url: wire.url, statusCode: 200, statusMessage: 'OK', headers: {} };
      return { ...head, body: bodyOf(parts) };
    },
  };
}

async function packIn(answer: Buffer, size?: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  const take = (part: Buffer): void => void parts.push(Buffer.from(part));
  await uploadPack(answering(answer, size), { want: WANT, haves: [] }, take);
  return Buffer.concat(parts);
}

describe('the lines of the protocol', () => {
  test('come out as they went in, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.uint8Array({ minLength: 1, maxLength: 300 })), { maxLength: 20 }),
        fc.integer({ min: 1, max: 400 }),
        (payloads, size) => {
          const stream = Buffer.concat(
            payloads.map((each) => (each ? packetLine(each) : Buffer.from('0000'))),
          );
          const reader = new PktReader();
          const lines: (Buffer | null)[] = [];
          for (let at = 0; at < stream.length; at += size) {
            for (const each of reader.push(stream.subarray(at, at + size))) {
              lines.push(each && Buffer.from(each));
            }
          }
          reader.end();
          expect(lines).toEqual(payloads.map((each) => each && Buffer.from(each)));
        },
      ),
    );
  });

  test('of any bytes are lines or an error, and never more than one is held', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 500 }),
        fc.integer({ min: 1, max: 50 }),
        (bytes, size) => {
          const reader = new PktReader();
          const stream = Buffer.from(bytes);
          try {
            for (let at = 0; at < stream.length; at += size) {
              for (const each of reader.push(stream.subarray(at, at + size))) {
                if (each) expect(each.length).toBeGreaterThan(0);
              }
            }
            reader.end();
          } catch (error) {
            expect(error).toMatchObject({ code: 'library/bad-pack' });
          }
        },
      ),
    );
  });

  test.each([
    '0001',
    '0002',
    '0003',
    '0004',
    'fff1',
    'ffff',
    '00g0',
    ' 005',
    '-001',
    '0x10',
    'PACK',
  ])('that begin with %s are refused', (digits) => {
    const reader = new PktReader();
    expect(() => [...reader.push(Buffer.from(`${digits}payload`))]).toThrow(/broken line/);
  });

  test('that are cut are noticed at the end', () => {
    const reader = new PktReader();
    expect([...reader.push(packetLine('hello').subarray(0, 7))]).toEqual([]);
    expect(() => reader.end()).toThrow(/too early/);
  });
});

describe('the exchange with upload-pack', () => {
  const whole = pack([blob(Buffer.from('content'))]);

  test('asks in one request, and takes channel 1 of the answer in whatever parts', async () => {
    const asked: Buffer[] = [];
    const have = 'b'.repeat(40);
    const transport = answering(answerOf(whole, 7), 11, asked);
    await uploadPack(transport, { want: WANT, haves: [have] }, () => undefined);
    expect(Buffer.concat(asked).toString()).toBe(
      `004awant ${WANT} ofs-delta side-band-64k\n00000032have ${have}\n0009done\n`,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 90 }),
        async (line, part) => {
          expect(await packIn(answerOf(whole, line), part)).toEqual(whole);
        },
      ),
      { numRuns: 30 },
    );
  });

  test.each([
    ['ends early', answerOf(whole).subarray(0, -4)],
    ['goes on after its end', Buffer.concat([answerOf(whole), line(Buffer.from([1, 2]))])],
    ['has an unknown channel', Buffer.concat([line(Buffer.from([4, 1])), Buffer.from('0000')])],
    [
      'acknowledges something else',
      Buffer.concat([line(Buffer.from('ACK me\n')), answerOf(whole)]),
    ],
    [
      'acknowledges within the pack',
      Buffer.concat([
        answerOf(whole).subarray(0, -4),
        line(Buffer.from('NAK\n')),
        Buffer.from('0000'),
      ]),
    ],
    ['is empty', Buffer.alloc(0)],
    ['is a web page', Buffer.from('<html>hello</html>')],
  ])('an answer that %s is refused', async (_what, answer) => {
    await expect(packIn(answer)).rejects.toMatchObject({ code: 'library/bad-pack' });
  });

  test.each([
    ['line', line(Buffer.from('ERR upload-pack: not our ref \u001b[31m\u202e'))],
    ['channel', line(Buffer.from('\u0003upload-pack: not our ref \u001b[31m\u202e\n'))],
  ])(
    'tells the server’s own refusal (error %s), without its control characters',
    async (_what, answer) => {
      await expect(packIn(answer)).rejects.toMatchObject({
        code: 'library/remote-refused',
        message: 'The remote refused: upload-pack: not our ref [31m',
      });
    },
  );
});

describe('with a real server', () => {
  let temp: ReturnType<typeof tempDir>;
  let team: TeamRepo;
  let server: GitHttpServer;
  let client: GitClient;
  let received: number;

  beforeEach(async () => {
    temp = tempDir();
    team = new TeamRepo(temp.path);
    server = await startGitHttp(temp.path);
    client = await GitClient.create(temp.path);
    received = 0;
  });
  afterEach(async () => {
    await server.close();
    client.fsck();
    temp.remove();
  });

  /** Fetches as a job does; counts what came over the wire. Without `accept` the tip stays untrusted. */
  async function sync(accept = true): Promise<string> {
    const options = { ...idle, onBytes: (bytes: number) => (received = bytes) };
    received = 0;
    return GitClient.over(
      server.url('team.git'),
      access(),
      async (transport) => {
        const tip = await remoteTip(client.store, transport, null);
        const trusted = await client.store.resolve('refs/app/trusted');
        if (tip.oid === trusted) return tip.oid;
        await fetchTip(client.store, transport, tip);
        await walkNewPart(client.store, tip.oid, trusted, () => undefined);
        if (accept) await client.store.moveRef('refs/app/trusted', tip.oid);
        return tip.oid;
      },
      options,
    );
  }

  /** A commit of ours on top of another, as publishing makes it: only in this store. */
  function commitHere(parent: string, path: string, content: string): string {
    const at = client.gitdir;
    const oid = gitIn(at, content, 'hash-object', '-w', '--stdin');
    const old = git(at, 'ls-tree', parent);
    const tree = gitIn(at, `${old}\n100644 blob ${oid}\t${path}\n`, 'mktree');
    return git(at, 'commit-tree', tree, '-p', parent, '-m', 'Mine');
  }

  /** Some weight that does not compress. */
  function noise(seed: number): string {
    let state = seed;
    return Array.from({ length: 12_000 }, () => (state = (state * 48_271) % 2_147_483_647)).join();
  }

  test('local ahead by commits: a poll costs less than 10 KB, a file of the team less than 50 KB', async () => {
    for (let n = 0; n < 12; n += 1) team.commit({ [`d${n % 5}/${n}.txt`]: noise(n + 1) });
    let mine = await sync();
    expect(received).toBeGreaterThan(300_000);
    for (let n = 0; n < 8; n += 1) mine = commitHere(mine, `mine${n}.txt`, `mine ${n}`);
    await client.store.moveRef('refs/app/local', mine);
    await sync();
    expect(received).toBeLessThan(10_000);
    team.commit({ 'd1/small.txt': 'one file' });
    await sync();
    expect(received).toBeLessThan(50_000);
    expect(received).toBeGreaterThan(0);
  });

  test('what was fetched and not accepted is not fetched again, nor what was written here', async () => {
    team.commit({ 'a.txt': 'one' });
    await sync();
    const second = team.commit({ 'b.txt': noise(1) });
    await sync(false);
    expect(received).toBeGreaterThan(50_000);
    await sync();
    expect(received).toBeLessThan(10_000);
    const mine = commitHere(second, 'mine.txt', noise(2));
    await client.store.moveRef('refs/app/local', mine);
    git(client.gitdir, 'push', '-q', team.bare, `${mine}:refs/heads/main`);
    expect(await sync()).toBe(mine);
    expect(received).toBeLessThan(10_000);
  });

  test('a server that lacks an object is refused, and asked for all of it the next time', async () => {
    team.commit({ 'a.txt': 'one' });
    const first = await sync();
    const refs = refsOf(client.gitdir);
    const packs = new Set(packFiles(client.gitdir));
    const content = noise(3);
    const second = team.commit({ 'b.txt': content, 'c/d.txt': 'there' });
    const oid = git(team.work, 'rev-parse', 'HEAD:b.txt');
    /** The version without one of its files, as a broken or hostile server sends it. */
    const lacking = async (without: string): Promise<Buffer> => {
      const all = git(team.work, 'rev-list', '--objects', second, `^${first}`).split('\n');
      const sent = all.map((each) => each.slice(0, 40)).filter((each) => each !== without);
      const objects = gitPack(sent);
      return answerOf(objects);
    };
    const tip = { branch: 'main', oid: second };
    /** What the try before brought would fill this one's gap. */
    const forgetTries = (): void => {
      for (const path of packFiles(client.gitdir).filter((each) => !packs.has(each))) {
        for (const end of ['idx', 'pack']) rmSync(path.replace(/idx$/, end));
      }
      client.store.forget();
    };
    for (const without of [
      oid,
      git(team.work, 'rev-parse', 'HEAD:c'),
      git(team.work, 'rev-parse', 'HEAD^{tree}'),
    ]) {
      forgetTries();
      await fetchTip(client.store, answering(await lacking(without)), tip);
      await expect(walkNewPart(client.store, second, first, () => undefined)).rejects.toMatchObject(
        {
          code: 'library/incomplete',
          data: { missing: without },
        },
      );
      expect(refsOf(client.gitdir)).toBe(refs.replace(/.*refs\/remotes.*\n?/, '').trim());
    }
    forgetTries();
    await expect(
      fetchTip(client.store, answering(await lacking(second)), tip),
    ).rejects.toMatchObject({ code: 'library/incomplete' });
    expect(await sync()).toBe(second);
    expect(received).toBeGreaterThan(50_000);
    expect((await client.store.blob(oid)).toString()).toBe(content);
  });

  function gitPack(oids: readonly string[]): Buffer {
    const name = gitIn(
      team.work,
      `${oids.join('\n')}\n`,
      'pack-objects',
      '-q',
      join(temp.path, 'some'),
    );
    return readFileSync(join(temp.path, `some-${name}.pack`));
  }

  test('merges, deep histories and moved folders are walked to the trusted version and no further', async () => {
    for (let n = 0; n < 8; n += 1) team.commit({ [`d${n}/a.txt`]: `${n}`, 'x.txt': `${n}` });
    const first = await sync();
    git(team.work, 'checkout', '-q', '-b', 'side', 'HEAD~5');
    writeFileSync(join(team.work, 'side.txt'), 'side');
    git(team.work, 'add', '-A');
    git(team.work, 'commit', '-q', '-m', 'Side');
    git(team.work, 'checkout', '-q', 'main');
    git(team.work, 'mv', 'd1', 'moved');
    git(team.work, 'commit', '-q', '-m', 'Moved');
    git(team.work, 'merge', '-q', '-m', 'Merged', 'side');
    const tip = team.push();
    expect(await sync(false)).toBe(tip);
    const { commits } = await walkNewPart(client.store, tip, first, () => undefined);
    expect(commits.toSorted()).toEqual(
      git(team.work, 'rev-list', tip, `^${first}`).split('\n').toSorted(),
    );
    expect(commits[0]).toBe(tip);
  });

  test('a remote that went back, or is another one, is told apart from an update', async () => {
    const old = team.commit({ 'a.txt': '1' });
    team.commit({ 'a.txt': '2' });
    const trusted = await sync();
    git(team.bare, 'update-ref', 'refs/heads/main', old);
    await expect(sync()).rejects.toMatchObject({ code: 'library/diverged' });
    const tree = git(team.work, 'rev-parse', 'HEAD^{tree}');
    const stranger = git(team.work, 'commit-tree', tree, '-m', 'Unrelated');
    git(team.work, 'push', '-q', '--force', 'origin', `${stranger}:refs/heads/main`);
    await expect(sync()).rejects.toMatchObject({ code: 'library/diverged' });
    expect(await client.store.resolve('refs/app/trusted')).toBe(trusted);
  });

  test('a damaged store says so', async () => {
    const tip = team.commit({ 'a.txt': noise(1) });
    await sync();
    rmSync(join(client.gitdir, 'objects', 'pack'), { recursive: true });
    client.store.forget();
    await expect(client.store.commit(tip)).rejects.toMatchObject({ code: 'library/incomplete' });
    await client.store.git.deleteRef({
      fs: client.store.fs,
      gitdir: client.gitdir,
      ref: 'refs/app/trusted',
    });
    client.store.dropFetched();
    expect(await sync()).toBe(tip);
  });
});
