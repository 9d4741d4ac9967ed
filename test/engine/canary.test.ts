import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt } from '../helpers/built.helper.ts';
import { TestEngine } from '../helpers/engine.helper.ts';
import { startGitHttp, type GitHttpServer } from '../helpers/git-http-server.ts';
import { TeamRepo } from '../helpers/git-repo.ts';
import { startSseServer, type SseServer } from '../helpers/sse-server.ts';
import { needlesFor, newCanary, search, searchOpenFiles } from './canary.helper.ts';

const canaries = {
  question: newCanary(),
  answer: newCanary(),
  title: newCanary(),
  'words of a search': newCanary(),
  'provider key': newCanary(),
  'refused provider key': newCanary(),
  'uploaded document': newCanary(),
  'name of an uploaded document': newCanary(),
  'document of a folder': newCanary(),
  'document that was removed': newCanary(),
  'library token': newCanary(),
  'token of a library that fails': newCanary(),
} as const;

describe('what a person wrote lies nowhere in plain', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'carrel-canary-'));
  const temp = join(scratch, 'tmp');
  const engine = new TestEngine(join(scratch, 'data'), {
    // Temporary files would be a place, too; and the chattiest log.
    env: { ...process.env, TMPDIR: temp, SQLITE_TMPDIR: temp, CARREL_LOG_LEVEL: 'debug' },
  });
  const places = [engine.dataDir, temp];
  /** The team's shared text is plain by design. */
  const exempt = ['files', 'library', 'trash'].map((name) => engine.workspace(name));
  let server: SseServer;
  let http: GitHttpServer;

  const found = (): string[] => places.flatMap((place) => search(place, canaries, exempt));

  beforeAll(async () => {
    ensureBuilt();
    mkdirSync(temp);
    const team = new TeamRepo(scratch);
    team.commit({ 'carrel.yaml': 'format: 1\nname: Team\n' });
    server = await startSseServer({
      answer: `The answer is ${canaries.answer}, at some length.`,
      key: canaries['provider key'],
    });
    http = await startGitHttp(scratch, {
      meddle: (request, response) => {
        if (request.headers.authorization !== undefined) return false;
        response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
        return true;
      },
    });
    await engine.start();
  });

  afterAll(async () => {
    await engine.kill();
    await server.close();
    await http.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  test('the search finds each form where there is one', () => {
    const place = join(scratch, 'control');
    mkdirSync(place);
    const { question } = canaries;
    const plain = Buffer.from(question);
    const texts: Record<string, string | Buffer> = {
      utf8: `…${question}…`,
      utf16le: Buffer.from(`x${question}`, 'utf16le'),
      hex: plain.toString('hex'),
      b0: Buffer.from(`${question} and more`).toString('base64'),
      b1: Buffer.from(`1${question} and more`).toString('base64'),
      b2: Buffer.from(`12${question} and more`).toString('base64'),
      b5: Buffer.from(`12345${question}`).toString('base64url'),
    };
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(place, name), text);
    const hits = search(place, { question });
    expect(new Set(hits.map((hit) => hit.split(':')[0]))).toEqual(new Set(Object.keys(texts)));
    for (const { bytes } of needlesFor(question)) expect(bytes.length).toBeGreaterThan(20);
  });

  test('while it runs', async () => {
    const remote = (token: string, repo: string): string =>
      http.url(repo).replace('://', `://ada:${token}@`);
    const failed = await engine.stream('library.connect', {
      source: {
        kind: 'remote',
        url: remote(canaries['token of a library that fails'], 'nothing.git'),
      },
    });
    expect(failed.end).toMatchObject({ ok: false });
    const connected = await engine.stream('library.connect', {
      source: { kind: 'remote', url: remote(canaries['library token'], 'team.git') },
    });
    expect(connected.end).toEqual({ ok: true, value: null });
    expect(JSON.stringify(await engine.call('library.status', {}))).not.toContain(
      canaries['library token'],
    );

    const local = { id: 'local', baseUrl: server.baseUrl, models: ['test-model'] };
    await engine.call('providers.add', { ...local, key: canaries['refused provider key'] });
    expect((await engine.call('providers.test', { id: 'local' })).state).toBe('failed');
    const refused = await engine.stream('chat.send', { text: 'x', route: 'local/test-model' });
    expect(refused.end).toMatchObject({ ok: false });
    await engine.call('providers.add', { ...local, key: canaries['provider key'] });

    await engine.call('knowledge.upload', {
      collection: 'dropped',
      uploadId: 'u1',
      path: `${canaries['name of an uploaded document']}.md`,
      offset: 0,
      data: Buffer.from(`# Note\n\nAbout ${canaries['uploaded document']}.\n`).toString('base64'),
      last: true,
    });
    const outside = join(scratch, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'a.md'), `# A\n\nWith ${canaries['document of a folder']}.\n`);
    const gone = join(scratch, 'gone');
    mkdirSync(gone);
    writeFileSync(join(gone, 'b.md'), `# B\n\nWith ${canaries['document that was removed']}.\n`);
    for (const path of [outside, gone]) await engine.stream('knowledge.add', { paths: [path] });
    await engine.call('knowledge.remove', { collection: 'gone' });

    const asked = await engine.stream('chat.send', {
      text: `What is ${canaries.question}?`,
      route: 'local/test-model',
      collections: ['outside', 'dropped'],
    });
    const done = asked.events.at(-1);
    if (done?.type !== 'done') throw new Error(JSON.stringify(asked.end));
    await engine.call('chat.rename', { id: done.conversationId, title: canaries.title });
    await engine.stream('chat.send', {
      text: canaries['document of a folder'],
      route: 'library-reader',
    });
    await engine.call('chat.search', { query: canaries['words of a search'] });
    await engine.call('knowledge.search', { query: canaries['words of a search'] });
    await engine.result('chat.search', { query: canaries['words of a search'], limit: 'no' });
    await engine.call('health.report', {});

    // All of it is there, for who may ask.
    expect((await engine.call('chat.search', { query: canaries.answer })).hits).toHaveLength(1);
    for (const name of ['uploaded document', 'document of a folder'] as const) {
      expect(
        (await engine.call('knowledge.search', { query: canaries[name] })).results,
      ).toHaveLength(1);
    }
    expect(found()).toEqual([]);
    if (process.platform === 'linux') expect(searchOpenFiles(engine.pid, canaries)).toEqual([]);
    const { lines } = await engine.call('health.logs', { limit: 1_000, level: 'debug' });
    expect(lines.length).toBeGreaterThan(0);
    for (const text of Object.values(canaries)) expect(JSON.stringify(lines)).not.toContain(text);
  });

  test('after kill -9 in the middle of an answer', async () => {
    const asked = engine.stream(
      'chat.send',
      { text: `Again: ${canaries.question}`, route: 'local/test-model' },
      (event) => {
        if (event.type === 'delta') engine.child.kill('SIGKILL');
      },
    );
    expect((await asked).end).toMatchObject({ ok: false, error: { code: 'engine/ended' } });
    await engine.ended;
    expect(readdirSync(engine.workspace())).toContain('store.db-wal');
    expect(found()).toEqual([]);
  });

  test('after a graceful stop', async () => {
    await engine.start();
    expect((await engine.call('chat.search', { query: canaries.question })).hits).toHaveLength(2);
    expect(await engine.stop()).toBe(0);
    expect(found()).toEqual([]);
  });

  test('also where words were deleted', async () => {
    await engine.start();
    const { conversations } = await engine.call('chat.conversations', {});
    for (const { id } of conversations) await engine.call('chat.delete', { id });
    for (const collection of ['outside', 'dropped']) {
      await engine.call('knowledge.remove', { collection });
    }
    await engine.call('providers.remove', { id: 'local' });
    expect(await engine.stop()).toBe(0);
    expect(found()).toEqual([]);
    expect(readdirSync(engine.workspace('attachments'), { recursive: true })).toEqual([]);
  });
});
