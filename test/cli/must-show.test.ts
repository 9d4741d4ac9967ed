import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt } from '../helpers/built.helper.ts';
import { Cli, type Json, type Running } from '../helpers/cli.helper.ts';
import { fixtureLibrary } from '../helpers/git-fixture-library.ts';
import { TeamRepo } from '../helpers/git-repo.ts';
import { gate, startSseServer, type Gate, type SseServer } from '../helpers/sse-server.ts';

const KEY = 'sk-the-key-of-this-test';

describe.each([
  { where: 'where no engine runs', attached: false },
  { where: 'attached to an open web shell', attached: true },
])('the command line $where', ({ attached }) => {
  const scratch = mkdtempSync(join(tmpdir(), 'carrel-must-show-'));
  const cli = new Cli();
  let team: TeamRepo;
  let server: SseServer;
  let shell: Running | null = null;
  let lock = '';
  let held: Gate;

  beforeAll(async () => {
    ensureBuilt();
    team = new TeamRepo(scratch);
    team.commit(fixtureLibrary, 'First');
    writeDocuments(join(scratch, 'notes'));
    writeBeir(join(scratch, 'beir'));
    held = gate();
    server = await startSseServer({
      key: KEY,
      models: ['small', 'large'],
      script: (_n, { body }) => {
        const asked = body?.messages.at(-1)?.content ?? '';
        if (asked.includes('gated')) {
          return async (exchange) => {
            await exchange.delta('The first ');
            await held.passed;
            await exchange.delta('and the last.');
            await exchange.finish();
          };
        }
        if (asked.includes('cut short')) {
          return async (exchange) => {
            await exchange.delta('Half of an');
          };
        }
        if (asked.includes('for ever')) {
          return async (exchange) => {
            await exchange.delta('It goes on');
            await exchange.silence();
          };
        }
        return undefined;
      },
    });
    if (attached) {
      shell = cli.start(['--json', 'serve']);
      await shell.line((line) => line['ok'] === true);
      lock = readFileSync(cli.workspace('engine.lock'), 'utf8');
    }
  });

  afterAll(async () => {
    shell?.child.kill('SIGTERM');
    expect((await shell?.finished)?.code ?? 0).toBe(0);
    await server.close();
    await cli.end();
    rmSync(scratch, { recursive: true, force: true });
  });

  test('init --library <bare repository>', async () => {
    expect(await cli.ok(['init', '--library', team.bare])).toEqual({
      ok: true,
      workspace: { id: 'default', name: 'Personal' },
      library: {
        url: team.bare,
        version: expect.stringMatching(/^[0-9a-f]{40}$/),
        items: expect.any(Number),
      },
    });
  });

  test('library status, items, log, update', async () => {
    const { version, ...status } = await cli.ok(['library', 'status']);
    expect(status).toMatchObject({ state: 'idle', conflicts: [], quarantined: [], edited: 0 });
    const agents = await cli.ok(['library', 'items', '--kind', 'agent']);
    expect(agents['items']).toMatchObject([{ kind: 'agent', name: 'Reviewer' }]);
    const { items } = (await cli.ok(['library', 'items'])) as { items: { path: string }[] };
    expect(items.map(({ path }) => path)).toEqual(items.map(({ path }) => path).toSorted());
    const tip = team.commit({ 'prompts/new.prompt.md': '---\nname: New\n---\nHello\n' }, 'Second');
    expect(tip).not.toBe(version);
    expect(await cli.ok(['library', 'update'])).toMatchObject({
      state: 'updated',
      version: tip,
      changed: [{ path: 'prompts/new.prompt.md', change: 'added' }],
      conflicts: [],
      quarantined: [],
    });
    expect(await cli.ok(['library', 'update'])).toMatchObject({ state: 'unchanged', changed: [] });
    expect(await cli.ok(['library', 'log'])).toMatchObject({
      versions: [
        { version: tip, message: 'Second' },
        { version, message: 'First' },
      ],
    });
  });

  test('knowledge add; again is a no-op', async () => {
    const add = ['knowledge', 'add', 'notes', '--collection', 'notes'];
    const { ms, ...first } = await cli.ok(add, { cwd: scratch });
    expect(ms).toEqual(expect.any(Number));
    expect(first).toEqual({
      ok: true,
      collection: 'notes',
      files: { total: 3, indexed: 2, unchanged: 0, skipped: 1, failed: [] },
      chunks: expect.any(Number),
      bytes: expect.any(Number),
    });
    expect(await cli.ok(add, { cwd: scratch })).toMatchObject({
      files: { total: 3, indexed: 0, unchanged: 2, skipped: 1, failed: [] },
      chunks: first['chunks'],
    });
    const { collections } = (await cli.ok(['knowledge', 'list'])) as { collections: Json[] };
    expect(collections.find((one) => one['name'] === 'notes')).toEqual({
      name: 'notes',
      files: expect.any(Number),
      chunks: first['chunks'],
      bytes: expect.any(Number),
      state: 'ready',
    });
  });

  test('knowledge search', async () => {
    const search = ['knowledge', 'search', 'heat pump defrost', '--collection', 'notes', '-k', '3'];
    const { ms: _, ...found } = await cli.ok(search);
    const { results } = found as { results: Json[] };
    expect(results[0]).toMatchObject({
      rank: 1,
      score: expect.any(Number),
      path: expect.stringMatching(/heating\.md$/),
      title: expect.any(String),
      page: null,
      startLine: 3,
      endLine: expect.any(Number),
      text: expect.stringContaining('defrost'),
    });
    expect(results.map((one) => one['rank'])).toEqual(results.map((_, index) => index + 1));
    const { ms: __, ...again } = await cli.ok(search);
    expect(again).toEqual(found);
  });

  test('chat over a collection, answered by the Library reader', async () => {
    const { code, lines } = await cli.run([
      'chat',
      '--collection',
      'notes',
      'How often does the heat pump defrost?',
    ]);
    expect(code).toBe(0);
    expect(new Set(lines.map((line) => line['type']))).toEqual(
      new Set(['step', 'citation', 'delta', 'done']),
    );
    for (const line of lines.filter(({ type }) => type === 'delta')) {
      expect(line).toEqual({ type: 'delta', text: expect.stringMatching(/\S/) });
    }
    expect(lines.find(({ type }) => type === 'citation')).toMatchObject({
      path: expect.stringMatching(/heating\.md$/),
      startLine: 3,
      endLine: expect.any(Number),
      text: expect.stringContaining('ninety minutes'),
    });
    expect(lines.at(-1)).toEqual({
      type: 'done',
      finish: 'stop',
      conversationId: expect.any(String),
      messageId: expect.any(String),
      usage: expect.any(Object),
      cost: null,
      timings: {
        queuedMs: expect.any(Number),
        firstTokenMs: expect.any(Number),
        totalMs: expect.any(Number),
      },
    });
  });

  test('provider add --key-stdin, list, test: the key is told nowhere', async () => {
    const added = await cli.run(
      ['provider', 'add', 'local', '--base-url', server.baseUrl, '--key-stdin'],
      { input: `${KEY}\n` },
    );
    const told = { id: 'local', baseUrl: server.baseUrl, models: ['small', 'large'] };
    expect(added.lines).toMatchObject([{ ok: true, providers: [told] }]);
    const listed = await cli.run(['provider', 'list']);
    expect(listed.lines).toEqual([
      { ok: true, providers: [{ ...told, state: expect.stringMatching(/^(untested|ready)$/) }] },
    ]);
    const tested = await cli.run(['provider', 'test', 'local']);
    expect(tested.lines).toMatchObject([{ ok: true, providers: [{ ...told, state: 'ready' }] }]);
    for (const { stdout, stderr } of [added, listed, tested]) {
      expect(stdout + stderr).not.toContain(KEY);
    }
  });

  test('chat --route: the first delta is out before the server has sent its last', async () => {
    const asked = cli.start(['--json', 'chat', '--route', 'local/small', 'a gated question']);
    const first = await asked.line(({ type }) => type === 'delta');
    expect(first).toEqual({ type: 'delta', text: 'The first ' });
    held.open();
    const { code, lines } = await asked.finished;
    expect(code).toBe(0);
    expect(textOf(lines)).toBe('The first and the last.');
    expect(lines.at(-1)).toMatchObject({
      type: 'done',
      finish: 'stop',
      usage: { inputTokens: 11, outputTokens: 7, estimated: false },
    });
    expect(server.chats.at(-1)?.headers['authorization']).toBe(`Bearer ${KEY}`);
  });

  test('an end without a finish is truncated, never stop', async () => {
    const { code, lines } = await cli.run(['chat', '--route', 'local/small', 'to be cut short']);
    expect(textOf(lines)).toBe('Half of an');
    const last = lines.at(-1);
    if (last?.['type'] === 'error') expect(code).toBe(1);
    else expect(last).toMatchObject({ type: 'done', finish: 'truncated' });
  });

  test('Ctrl-C: the answer so far is kept as cancelled', async () => {
    const asked = cli.start(['--json', 'chat', '--route', 'local/small', 'goes on for ever']);
    await asked.line(({ type }) => type === 'delta');
    asked.child.kill('SIGINT');
    const { code, lines } = await asked.finished;
    expect(code).toBe(130);
    const last = lines.at(-1);
    expect(last).toMatchObject({ type: 'done', finish: 'cancelled' });
    const shown = await cli.ok(['conversation', 'show', String(last?.['conversationId'])]);
    expect(shown['conversation']).toMatchObject({
      busy: false,
      messages: [{ role: 'user' }, { text: 'It goes on', status: 'cancelled' }],
    });
  });

  test('a refused request: the last line is the error, exit 1', async () => {
    const { code, lines: told } = await cli.run(['chat', '--route', 'nobody/model', 'x']);
    expect(code).toBe(1);
    expect(told.at(-1)).toMatchObject({
      type: 'error',
      ok: false,
      error: { code: expect.stringMatching(/^[a-z]+\//), message: expect.any(String) },
    });
  });

  test('conversation list, search, delete', async () => {
    const { conversations } = (await cli.ok(['conversation', 'list'])) as {
      conversations: { id: string; updatedAt: number }[];
    };
    const times = conversations.map(({ updatedAt }) => updatedAt);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    const { hits } = (await cli.ok(['conversation', 'search', 'ninety minutes'])) as {
      hits: { conversationId: string; snippet: string }[];
    };
    const [hit] = hits;
    expect(hit?.snippet).toContain('ninety minutes');
    const id = String(hit?.conversationId);
    expect(await cli.ok(['conversation', 'delete', id])).toEqual({ ok: true, deleted: id });
    expect((await cli.run(['conversation', 'show', id])).lines).toMatchObject([
      { ok: false, error: { code: 'chat/unknown-conversation' } },
    ]);
    expect(await cli.ok(['conversation', 'search', 'ninety minutes'])).toMatchObject({ hits: [] });
  });

  test('knowledge eval on a BEIR folder', async () => {
    // Under npm a command stands in the repository and INIT_CWD says where the person does.
    const env = { INIT_CWD: scratch };
    expect(await cli.ok(['knowledge', 'eval', 'beir'], { env })).toEqual({
      ok: true,
      queries: 2,
      documents: 3,
      ndcg10: 1,
      recall100: 1,
      mrr10: 1,
      p50Ms: expect.any(Number),
      p95Ms: expect.any(Number),
      indexMs: expect.any(Number),
    });
    expect((await cli.run(['knowledge', 'eval', 'notes'], { cwd: scratch })).lines).toMatchObject([
      { ok: false, error: { code: 'knowledge/not-beir' } },
    ]);
  });

  test('health: every check with its state and remedy', async () => {
    const { code, lines } = await cli.run(['health']);
    const [report] = lines as [{ state: string; checks: Json[] }];
    expect(code).toBe(report.state === 'fail' ? 1 : 0);
    for (const check of report.checks) {
      expect(Object.keys(check)).toEqual(['id', 'state', 'value', 'unit', 'message', 'remedy']);
      if (check['state'] !== 'ok') expect(check['remedy'], String(check['id'])).toMatch(/\S/);
    }
    const ids = report.checks.map(({ id }) => String(id)).join(' ');
    for (const part of ['store', 'vault', 'library', 'knowledge', 'provider', 'disk', 'memory']) {
      expect(ids).toContain(part);
    }
  });

  test('which engine answered', async () => {
    if (attached) {
      expect(readFileSync(cli.workspace('engine.lock'), 'utf8')).toBe(lock);
      expect(JSON.parse(lock)).toMatchObject({ pid: cli.attachInfo().pid });
      expect(cli.attachInfo().pid).not.toBe(shell?.child.pid);
      expect(await cli.run(['workspace', 'remove', 'default', '--yes'])).toMatchObject({
        code: 1,
        lines: [{ ok: false, error: { code: 'workspace/in-use' } }],
      });
      expect(await cli.ok(['workspace', 'list'])).toMatchObject({
        workspaces: [{ id: 'default' }],
      });
    } else {
      expect(() => readFileSync(cli.workspace('engine.lock'))).toThrow('ENOENT');
      expect(() => cli.attachInfo()).toThrow('ENOENT');
    }
  });
});

function textOf(lines: readonly Json[]): string {
  return lines
    .filter(({ type }) => type === 'delta')
    .map(({ text }) => String(text))
    .join('');
}

function writeDocuments(dir: string): void {
  mkdirSync(dir);
  writeFileSync(
    join(dir, 'heating.md'),
    '# Heating\n\n## Defrost\n\nThe heat pump runs a defrost cycle about every ninety minutes in frost.\n',
  );
  writeFileSync(join(dir, 'garden.txt'), 'Beans are sown after the last frost of May.\n');
  writeFileSync(join(dir, 'plan.pdf'), '%PDF-1.7\n%\u0000\n');
}

function writeBeir(dir: string): void {
  mkdirSync(join(dir, 'qrels'), { recursive: true });
  const documents = {
    d1: 'Copper conducts electricity well.',
    d2: 'Whales breathe air through a blowhole.',
    d3: 'Bread rises because yeast makes gas.',
  };
  const jsonl = (rows: object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  writeFileSync(
    join(dir, 'corpus.jsonl'),
    jsonl(Object.entries(documents).map(([_id, text]) => ({ _id, title: '', text }))),
  );
  writeFileSync(
    join(dir, 'queries.jsonl'),
    jsonl([
      { _id: 'q1', text: 'how do whales breathe' },
      { _id: 'q2', text: 'why does bread rise' },
      { _id: 'q3', text: 'not judged' },
    ]),
  );
  writeFileSync(
    join(dir, 'qrels', 'test.tsv'),
    'query-id\tcorpus-id\tscore\nq1\td2\t1\nq2\td3\t1\n',
  );
}
