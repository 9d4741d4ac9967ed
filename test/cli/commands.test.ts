import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt } from '../helpers/built.helper.ts';
import { Cli } from '../helpers/cli.helper.ts';

const cli = new Cli();
const scratch = mkdtempSync(join(tmpdir(), 'carrel-cli-files-'));

beforeAll(async () => {
  ensureBuilt();
  await cli.ok(['init']);
});

afterAll(async () => {
  await cli.end();
  rmSync(scratch, { recursive: true, force: true });
});

describe('what the command line can not carry out', () => {
  test.each([
    [['nonsense'], 2, 'usage/invalid'],
    [['knowledge'], 2, 'usage/invalid'],
    [['knowledge', 'nonsense'], 2, 'usage/invalid'],
    [['knowledge', 'search'], 2, 'usage/invalid'],
    [['provider', 'add', 'x'], 2, 'usage/invalid'],
    [['health', '--no-such-option'], 2, 'usage/invalid'],
    [
      ['provider', 'add', 'x', '--base-url', 'http://127.0.0.1:1', '--key-stdin'],
      2,
      'usage/no-key',
    ],
    [['config', 'get', '__proto__'], 2, 'usage/unknown-setting'],
    [['config', 'set', 'log.level', 'loud'], 1, 'settings/invalid-value'],
    [['knowledge', 'search', 'x', '-k', 'many'], 2, 'router/invalid-input'],
    [['knowledge', 'search', 'x', '--mode', 'vector'], 1, 'knowledge/mode-unavailable'],
    [['--workspace', 'nowhere', 'health'], 1, 'workspace/unknown'],
    [['--workspace', '../up', 'health'], 1, 'workspace/bad-id'],
    [['conversation', 'show', 'no-such-id'], 1, 'chat/unknown-conversation'],
    [['init'], 1, 'library/already-connected'],
  ])('%j: exit %i, %s on stdout, words on stderr', async (args, code, error) => {
    const done = await cli.run(args);
    expect(done.lines).toEqual([
      {
        ok: false,
        error: expect.objectContaining({
          code: error,
          message: expect.stringMatching(/\S/),
          remedy: expect.stringMatching(/\S/),
        }),
      },
    ]);
    expect(done.code).toBe(code);
    expect(done.stderr).toMatch(/\S+.*\n\S+/);
    expect(done.stdout.split('\n')).toHaveLength(2);
  });

  test('a message over the limit is refused at the border', async () => {
    const { code, lines } = await cli.run(['chat', 'x'.repeat(32_001)]);
    expect(code).not.toBe(0);
    expect(lines).toMatchObject([
      { type: 'error', ok: false, error: { code: 'router/input-too-large' } },
    ]);
  });

  test('without --json: words on stderr only', async () => {
    const { finished } = cli.start(['conversation', 'show', 'no-such-id']);
    const { code, stdout, stderr } = await finished;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr.trim().split('\n').length).toBe(2);
  });
});

describe('each command by its document', () => {
  test('init has indexed what the library knows', async () => {
    expect(await cli.ok(['knowledge', 'list'])).toMatchObject({
      collections: [{ name: 'carrel-guide', files: 15, state: 'ready' }],
    });
  });

  test('version', async () => {
    const { version, ...rest } = await cli.ok(['version']);
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect(rest).toEqual({
      ok: true,
      node: process.versions.node,
      electron: null,
      store: { schema: expect.any(Number), cipher: expect.stringContaining('SQLCipher') },
    });
  });

  test('vault status', async () => {
    expect(await cli.ok(['vault', 'status'])).toEqual({
      ok: true,
      state: 'unlocked',
      slots: [{ kind: 'key-file', backend: null }],
      cipher: expect.any(String),
      schema: expect.any(Number),
      lastRotation: null,
    });
  });

  test('logs', async () => {
    const { lines } = (await cli.ok(['logs', '--limit', '5', '--level', 'info'])) as {
      lines: { at: number; level: string; scope: string; message: string }[];
    };
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(5);
    expect(lines.map(({ at }) => at)).toEqual(lines.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  test('config: get, set, validate, migrate', async () => {
    expect(await cli.ok(['config', 'get', 'appearance.theme'])).toEqual({
      ok: true,
      value: 'system',
    });
    expect(await cli.ok(['config', 'set', 'appearance.theme', 'dark'])).toEqual({
      ok: true,
      value: 'dark',
    });
    expect(await cli.ok(['config', 'set', 'onboarding.done', 'true'])).toMatchObject({
      value: true,
    });
    expect(await cli.ok(['config', 'get'])).toMatchObject({
      value: { 'appearance.theme': 'dark', 'onboarding.done': true },
    });
    expect(await cli.ok(['config', 'validate'])).toEqual({ ok: true, problems: [] });
    expect(await cli.ok(['config', 'migrate'])).toEqual({
      ok: true,
      value: { format: 1 },
      problems: [],
    });
  });

  test('config: an invalid file is kept aside and reported', async () => {
    const other = new Cli();
    try {
      await other.ok(['config', 'set', 'appearance.theme', 'light']);
      writeFileSync(join(other.dataDir, 'config.json'), '{"appearance.theme": "pink"');
      const { code, lines } = await other.run(['config', 'validate']);
      expect(code).toBe(1);
      expect(lines).toMatchObject([{ ok: true, problems: [{ code: 'settings/unparsable' }] }]);
      expect(readdirSync(other.dataDir).filter((name) => name.includes('.invalid-'))).toHaveLength(
        1,
      );
    } finally {
      await other.end();
    }
  });

  test('config: what is exported is the same bytes each time, and is imported elsewhere', async () => {
    const file = join(scratch, 'settings.json');
    await cli.ok(['config', 'export', 'settings.json'], { cwd: scratch });
    const bytes = readFileSync(file, 'utf8');
    await cli.ok(['config', 'export', file]);
    expect(readFileSync(file, 'utf8')).toBe(bytes);
    await cli.ok(['config', 'set', 'appearance.theme', 'light']);
    expect(await cli.ok(['config', 'import', 'settings.json'], { cwd: scratch })).toMatchObject({
      value: { 'appearance.theme': 'dark' },
      changed: ['appearance.theme'],
    });
    writeFileSync(file, '{"appearance.theme": "light", "no.such": 1}');
    expect((await cli.run(['config', 'import', file])).lines).toMatchObject([
      { ok: false, error: { code: 'usage/bad-settings-file' } },
    ]);
    expect(await cli.ok(['config', 'get', 'appearance.theme'])).toMatchObject({ value: 'dark' });
  });

  test('workspace: create, list, remove', async () => {
    const created = await cli.ok(['workspace', 'create', 'Second desk']);
    expect(created).toMatchObject({ workspace: { id: 'second-desk', name: 'Second desk' } });
    const second = ['--workspace', 'second-desk'];
    await cli.ok([...second, 'chat', '--no-stream', 'a question of the second desk']);
    expect(await cli.ok(['conversation', 'list'])).toMatchObject({ conversations: [] });
    expect(await cli.ok(['workspace', 'list'])).toEqual({
      ok: true,
      workspaces: [
        { id: 'default', name: 'Personal', library: null },
        { id: 'second-desk', name: 'Second desk', library: null },
      ],
    });
    const refused = await cli.run(['workspace', 'remove', 'second-desk']);
    expect(refused.code).toBe(4);
    expect(refused.lines).toMatchObject([{ error: { code: 'workspace/not-confirmed' } }]);
    expect(await cli.ok([...second, 'conversation', 'list'])).toMatchObject({
      conversations: [{ title: expect.any(String) }],
    });
    expect(await cli.ok(['workspace', 'remove', 'second-desk', '--yes'])).toEqual({
      ok: true,
      removed: 'second-desk',
      workspaces: [{ id: 'default', name: 'Personal', library: null }],
    });
    expect(readdirSync(join(cli.dataDir, 'workspaces'))).toEqual(['default']);
    expect(readdirSync(join(cli.dataDir, 'keys'))).toEqual(['default.key']);
  });

  test('chat --no-stream: one document', async () => {
    expect(await cli.ok(['chat', '--no-stream', 'What is a carrel?'])).toMatchObject({
      text: expect.stringContaining('>'),
      citations: expect.arrayContaining([expect.objectContaining({ n: 1 })]),
      finish: 'stop',
      conversationId: expect.any(String),
    });
  });

  test('chat --conversation goes on with it', async () => {
    const first = await cli.ok(['chat', '--no-stream', 'What does Carrel not need?']);
    const id = String(first['conversationId']);
    const next = await cli.ok(['chat', '--no-stream', '--conversation', id, 'And where is data?']);
    expect(next['conversationId']).toBe(id);
    const { conversation } = (await cli.ok(['conversation', 'show', id])) as {
      conversation: { messages: { role: string }[] };
    };
    expect(conversation.messages.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'user',
      'assistant',
    ]);
  });

  test('knowledge reindex and remove; the files stay', async () => {
    const folder = join(scratch, 'docs');
    mkdirSync(folder);
    writeFileSync(join(folder, 'a.md'), '# One\n\nFirst text.\n');
    await cli.ok(['knowledge', 'add', folder]);
    writeFileSync(join(folder, 'b.md'), '# Two\n\nSecond text.\n');
    expect(await cli.ok(['knowledge', 'reindex', 'docs'])).toMatchObject({
      files: { total: 2, indexed: 1, unchanged: 1 },
    });
    expect(await cli.ok(['knowledge', 'remove', 'docs'])).toMatchObject({ removed: 'docs' });
    expect(existsSync(join(folder, 'a.md'))).toBe(true);
    expect((await cli.run(['knowledge', 'remove', 'docs'])).code).toBe(1);
  });

  test('files and folders are for this user only', () => {
    const open = readdirSync(cli.dataDir, { recursive: true, encoding: 'utf8' }).filter(
      (name) => (statSync(join(cli.dataDir, name)).mode & 0o077) !== 0,
    );
    expect(open).toEqual([]);
    expect(statSync(cli.dataDir).mode & 0o077).toBe(0);
  });

  test('a relative --data-dir is where the person stands, for the compile cache as well', async () => {
    const elsewhere = join(scratch, 'elsewhere');
    mkdirSync(elsewhere);
    const relative = new Cli('my-data');
    await relative.ok(['version'], { cwd: elsewhere, env: { INIT_CWD: scratch } });
    expect(readdirSync(elsewhere)).toEqual([]);
    expect(readdirSync(join(scratch, 'my-data'))).toEqual(
      expect.arrayContaining(['cache', 'keys', 'workspaces']),
    );
  });

  test('a reader that has seen enough is no failure', async () => {
    const many = cli.start(['logs', '--limit', '1000', '--level', 'debug']);
    many.child.stdout?.destroy();
    const { code, stderr } = await many.finished;
    expect([code, stderr]).toEqual([0, '']);
  });

  test('help, and words for a person', async () => {
    const help = await cli.start(['help', 'knowledge']).finished;
    expect([help.code, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toContain('search');
    const list = await cli.start(['workspace', 'list']).finished;
    expect(list.stdout).toMatch(/^default {2}Personal/);
    const quiet = await cli.start(['--quiet', 'workspace', 'list']).finished;
    expect([quiet.code, quiet.stdout]).toEqual([0, '']);
  });
});

describe('two commands at once', () => {
  test('wait for each other', async () => {
    const both = await Promise.all([
      cli.run(['chat', '--no-stream', 'one question']),
      cli.run(['chat', '--no-stream', 'another question']),
    ]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
  });
});
