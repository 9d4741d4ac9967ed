import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FrontText } from '../../../src-main/core/library/exchange/front-text.ts';
import { parseItem } from '../../../src-main/core/library/items/parse-item.ts';
import { tempDir } from '../../helpers/git-repo.ts';
import { everyRoundTrip } from './exchange-round-trip.helper.ts';
import { ExchangeRig, readTree, writeTree } from './exchange.helper.ts';

let temp: ReturnType<typeof tempDir>;
let count = 0;
let here = '';
let from = '';
beforeAll(() => {
  temp = tempDir();
});
afterAll(() => temp.remove());
beforeEach(() => {
  count += 1;
  here = join(temp.path, String(count));
  from = join(here, 'shop');
});

const text = (...lines: string[]): string => `${lines.join('\n')}\n`;

describe('import', () => {
  test('a subagent of Claude Code, read as loosely as it reads it, with hooks switched off', () => {
    const rig = new ExchangeRig(here);
    const body = '\nYou review.\r\n<example>\tx  ';
    writeTree(from, {
      '.claude/agents/deep/reviewer.md':
        text(
          '---',
          'name: reviewer',
          'description: Use for reviews: always. <example>user: hi</example>',
          'tools: Read, Bash(git log:*, git diff), Grep',
          'model: sonnet # ask first',
          'hooks:',
          '  Stop: [{command: "touch x"}]',
          'color: blue',
          '---',
        ) + body,
      '.claude/agents/README.md': '# About our agents\n',
      '.claude/settings.json': '{"hooks":{}}',
      'CLAUDE.md': 'Be brief.\n',
    });
    expect(rig.import(from)).toEqual({
      written: ['agents/deep/reviewer.agent.md'],
      lost: [
        expect.stringContaining(
          '.claude/agents/README.md: left out: it has no front matter',
        ) as string,
        expect.stringContaining('"hooks" could run something') as string,
        expect.stringContaining('"model" is kept without effect.') as string,
      ],
    });
    const written = rig.read('agents/deep/reviewer.agent.md');
    expect(written).toBe(
      text(
        '---',
        'name: reviewer',
        'description: "Use for reviews: always. <example>user: hi</example>"',
        'tools:',
        '  - Read',
        '  - Bash(git log:*, git diff)',
        '  - Grep',
        'model: sonnet # ask first',
        'color: blue',
        'carrel-disabled:',
        '  hooks:',
        '    Stop: [{command: "touch x"}]',
        '---',
      ) + body,
    );
    expect(parseItem('agent', 'agents/a.agent.md', Buffer.from(written)).problems).toEqual([]);
  });

  test('a rule of Cursor: its patterns are no YAML, and go back as they were', () => {
    const rig = new ExchangeRig(here);
    const rule = text(
      '---',
      'description: How we write tests',
      'globs: **/*.test.ts,*.spec.ts',
      'alwaysApply: true',
      '---',
      '',
      '- One thing per test.',
    );
    writeTree(from, { '.cursor/rules/tests.mdc': rule });
    expect(rig.import(from).written).toEqual(['agents/tests.agent.md']);
    expect(
      parseItem('agent', 'agents/tests.agent.md', Buffer.from(rig.read('agents/tests.agent.md'))),
    ).toMatchObject({
      name: 'tests',
      description: 'How we write tests',
      problems: [],
    });
    const out = rig.export('cursor');
    expect(readFileSync(join(out.dir, '.cursor/rules/tests.mdc'), 'utf8')).toBe(rule);
  });

  test('a prompt of VS Code: what it asks for becomes variables, and goes back as it was', () => {
    const rig = new ExchangeRig(here);
    const prompt = text(
      '---',
      "description: 'New form'",
      'agent: agent',
      'tools: [ githubRepo, search/codebase ]',
      '---',
      'Make ${input:name:Name of the form} with ${input:fields}, ${selection}.',
    );
    writeTree(from, { '.github/prompts/new-form.prompt.md': prompt });
    expect(rig.import(from).written).toEqual(['prompts/new-form.prompt.md']);
    const item = parseItem(
      'prompt',
      'prompts/new-form.prompt.md',
      Buffer.from(rig.read('prompts/new-form.prompt.md')),
    );
    expect(item).toMatchObject({
      name: 'new-form',
      body: 'Make {{name}} with {{fields}}, ${selection}.\n',
      problems: [],
    });
    expect(item.variables.map(({ name, label }) => [name, label])).toEqual([
      ['name', 'Name of the form'],
      ['fields', 'fields'],
    ]);
    const out = rig.export('vscode');
    expect(readFileSync(join(out.dir, '.github/prompts/new-form.prompt.md'), 'utf8')).toBe(prompt);
  });

  test('servers arrive disabled and without their secrets; those that are here stay', () => {
    const rig = new ExchangeRig(here, {
      'mcp.json': `${JSON.stringify({ mcpServers: { git: { command: 'mine' } } }, null, 2)}\n`,
    });
    writeTree(from, {
      '.mcp.json': JSON.stringify({
        mcpServers: {
          git: { command: 'theirs' },
          web: {
            type: 'http',
            url: 'https://me:pw@example.com/mcp?api_key=abc&v=1',
            headers: { Authorization: 'Bearer 1234', Accept: 'text/html' },
          },
        },
      }),
      '.vscode/mcp.json': `{
        // ours
        "inputs": [{"type": "promptString", "id": "db-pass"}],
        "servers": {
          "db": {
            "type": "stdio", "command": "db",
            "args": ["--token", "s3cret", "--url=http://x//y", "-p=\${input:db-pass}", "\${workspaceFolder}"],
            "env": {"LOG": "debug", "API_KEY": "sk-12345", "USER": "\${env:DB_USER}"},
          },
        },
      }`,
    });
    const { written, lost } = rig.import(from);
    expect(written).toEqual(['mcp.json']);
    expect(JSON.parse(rig.read('mcp.json'))).toEqual({
      mcpServers: {
        db: {
          type: 'stdio',
          command: 'db',
          args: ['--token', '${TOKEN}', '--url=http://x//y', '-p=${DB_PASS}', '${workspaceFolder}'],
          env: { LOG: 'debug', API_KEY: '${API_KEY}', USER: '${DB_USER}' },
          disabled: true,
        },
        git: { command: 'mine' },
        web: {
          type: 'http',
          url: 'https://example.com/mcp?api_key=${API_KEY}&v=1',
          headers: { Authorization: '${AUTHORIZATION}', Accept: 'text/html' },
          disabled: true,
        },
      },
    });
    expect(rig.read('mcp.json')).not.toMatch(/s3cret|sk-12345|1234|:pw@|abc/);
    expect(lost).toContain('MCP server "git": the library has another one of this name; it stays.');
  });

  test('a list of servers that somebody laid out by hand is not written anew', () => {
    const rig = new ExchangeRig(here, { 'mcp.json': '{ "mcpServers": {} }' });
    writeTree(from, { '.mcp.json': '{"mcpServers":{"a":{"command":"x"}}}' });
    expect(rig.import(from)).toEqual({
      written: [],
      lost: ['mcp.json: it has a layout of its own and is left as it is; add "a" by hand.'],
    });
  });

  test('nothing that is there is replaced; a skill comes whole or not at all', () => {
    const mine = {
      'agents/reviewer.agent.md': 'mine',
      'prompts/Plan.prompt.md': 'mine',
      'skills/release/notes.md': 'mine',
    };
    const rig = new ExchangeRig(here, mine);
    writeTree(from, {
      '.claude/agents/reviewer.md': text('---', 'name: reviewer', 'description: x', '---', 'y'),
      '.claude/commands/plan.md': 'Plan it.\n',
      '.claude/skills/release/SKILL.md': text('---', 'name: release', 'description: x', '---', 'y'),
      '.claude/skills/release/notes.md': 'theirs',
      '.claude/skills/bad/SKILL.md': text('---', 'name: bad', 'description: x', '---', 'y'),
      '.claude/skills/bad/aux.md': 'a device',
    });
    const { written, lost } = rig.import(from);
    expect(written).toEqual([]);
    expect(rig.files()).toEqual(mine);
    expect(lost).toHaveLength(4);
  });

  test('follows no link, looks into no repository, and takes one file as well', () => {
    const rig = new ExchangeRig(here);
    const secret = join(here, 'secret');
    const agent = text('---', 'name: s', 'description: s', '---', 'secret');
    writeTree(secret, { 's.agent.md': agent, 'skills/x/SKILL.md': agent });
    writeTree(from, {
      'node_modules/p/a.agent.md': agent,
      '.git/b.agent.md': agent,
      'docs/note.md': 'no item',
    });
    mkdirSync(join(from, '.github', 'agents'), { recursive: true });
    symlinkSync(join(secret, 's.agent.md'), join(from, '.github', 'agents', 's.agent.md'));
    symlinkSync(join(secret, 'skills'), join(from, 'skills'));
    const nothing = rig.import(from);
    expect(nothing.written).toEqual([]);
    expect(nothing.lost[0]).toContain('nothing there is a file of a program that Carrel knows.');

    writeTree(from, { '.claude/commands/git/commit.md': 'Commit.\n' });
    expect(rig.import(join(from, '.claude/commands/git/commit.md')).written).toEqual([
      'prompts/git/commit.prompt.md',
    ]);
    expect(rig.read('prompts/git/commit.prompt.md')).toBe('---\nname: commit\n---\n\nCommit.\n');
    expect(rig.import(join(secret, 'skills', 'x')).written).toEqual(['skills/x/SKILL.md']);
  });

  test('writes into no linked folder of the library', () => {
    const rig = new ExchangeRig(here);
    const elsewhere = join(here, 'elsewhere');
    mkdirSync(elsewhere);
    rmSync(rig.dirs.files, { recursive: true });
    symlinkSync(elsewhere, rig.dirs.files);
    writeTree(from, { '.claude/commands/a.md': 'A.\n' });
    expect(() => rig.import(from)).toThrow(
      expect.objectContaining({ code: 'library/files-not-a-folder' }) as Error,
    );
    expect(readTree(elsewhere)).toEqual({});
  });

  test('an AGENTS.md becomes an agent called like its folder, without our section', () => {
    const rig = new ExchangeRig(here, { 'agents/a.agent.md': text('---', 'name: A', '---', 'a') });
    const rules = '# Rules\n\n- Be brief.\n';
    writeTree(from, { 'AGENTS.md': rules });
    rig.export('agents', from);
    rig.empty();
    expect(rig.import(from).written).toEqual(['agents/a.agent.md', 'agents/shop.agent.md']);
    expect(rig.read('agents/shop.agent.md')).toBe(
      `---\nname: shop\ndescription: Instructions of the AGENTS.md of shop\n---\n\n${rules}`,
    );
  });

  test('a path that a hostile file asks for is checked', () => {
    const rig = new ExchangeRig(here);
    for (const [n, path] of [
      '../../x.agent.md',
      '/x.agent.md',
      'skills/x/y.agent.md',
      'agents/con.agent.md',
    ].entries()) {
      writeTree(from, {
        [`.claude/agents/a${n}.md`]: text(
          '---',
          `name: a${n}`,
          'carrel:',
          `  path: ${path}`,
          '---',
          'x',
        ),
      });
    }
    expect(rig.import(from).written).toEqual([0, 1, 2, 3].map((n) => `agents/a${n}.agent.md`));
    expect(Object.keys(readTree(here)).filter((path) => path.endsWith('x.agent.md'))).toEqual([]);
  });
});

describe('there and back', () => {
  test('any agent or prompt keeps its bytes in what counts, through every format', () => {
    everyRoundTrip(here, 50);
  });

  test('front matter keeps values, comments and lines through any move of its keys', () => {
    const keys = ['a', 'b', 'c', 'carrel', 'name'];
    const entry = fc
      .tuple(
        fc.constantFrom('', '# why\n', '\n', '# one\n# two\n'),
        fc.constantFrom(...keys),
        fc.constantFrom(
          ' 1\n',
          ' |\n  # no comment\n\n  x\n',
          ' >-\n  x\n   y\n',
          '\n  - 1\n  # in\n  - 2\n',
          '\n- 1\n- x: 2\n',
          ' {x: [1, "2"]}\n',
          ' "a # b" # c\n',
          ' plain\n  goes on\n',
          '\n',
          ' |+\n  x\n\n',
          ' &x 1\n',
          '\n  a: 1 # n\n  b: 2\n',
        ),
      )
      .map(([before, key, value]) => ({ key, source: `${before}${key}:${value}` }));
    const yaml = fc.uniqueArray(entry, { selector: ({ key }) => key, maxLength: 5 });
    fc.assert(
      fc.property(yaml, fc.subarray(keys.slice(0, 3)), fc.boolean(), (entries, moved, crlf) => {
        const plain = `---\n${entries.map(({ source }) => source).join('')}---\nbody\n`;
        const source = crlf ? plain.replaceAll('\n', '\r\n') : plain;
        const front = new FrontText(source);
        fc.pre(front.problems.length === 0);
        expect(front.text()).toBe(source);
        const before = front.fields;
        front.nest('away', moved);
        const away = new FrontText(front.text());
        expect(away.problems).toEqual([]);
        for (const key of moved) expect(away.has(key)).toBe(false);
        away.unnest('away', moved);
        const after = new FrontText(away.text());
        expect(after.fields).toEqual(before);
        expect(after.tail).toBe(front.tail);
        const comments = (text: string) => text.match(/#.*/g)?.toSorted() ?? [];
        expect(comments(away.text())).toEqual(comments(source));
      }),
      { numRuns: 300 },
    );
  });
});
