import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tempDir } from '../../helpers/git-repo.ts';
import { ExchangeRig, FORMATS, readTree, writeTree } from './exchange.helper.ts';

const STARTER = resolve(import.meta.dirname, '../../../assets/starter-library');

let temp: ReturnType<typeof tempDir>;
let count = 0;
let here = '';
beforeAll(() => {
  temp = tempDir();
});
afterAll(() => temp.remove());
beforeEach(() => {
  count += 1;
  here = join(temp.path, String(count));
});

const text = (...lines: string[]): string => `${lines.join('\n')}\n`;

const reviewer = text(
  '---',
  'name: Code Reviewer',
  '# Who calls it.',
  'description: "Reviews: one change"',
  'route: work/claude-opus-5',
  'tools:',
  '  - Read',
  '  - mcp__git__diff',
  'knowledge: [handbook]',
  'license: MIT # ours',
  'starters:',
  '  - What is wrong here?',
  '---',
  '',
  'You review.\t{{not a variable}}  ',
);
const shorten = text(
  '---',
  'name: Shorten a text',
  'description: Cuts.',
  'variables:',
  '  - name: text',
  '    type: long-text',
  '    label: Text to cut',
  '  - name: words',
  '    type: number',
  '    default: 150',
  '---',
  '',
  'At most {{words}} words: {{text}}',
);
const library = {
  'agents/reviewer.agent.md': reviewer,
  'prompts/writing/shorten.prompt.md': shorten,
  'skills/release/SKILL.md': text('---', 'name: release', 'description: Notes.', '---', 'Do.'),
  'skills/release/scripts/run.sh': '#!/bin/sh\r\necho \u00e9\n',
  'knowledge/handbook/start.md': '# Start\n',
  'mcp.json': `${JSON.stringify(
    { mcpServers: { git: { command: 'uvx', args: ['mcp-git', '${REPO}'], disabled: true } } },
    null,
    2,
  )}\n`,
};

describe('export', () => {
  test.each(FORMATS)('%s: the starter library comes back byte for byte', (format) => {
    const rig = new ExchangeRig(here).copy(STARTER);
    const before = rig.files();
    const out = rig.export(format);
    rig.empty();
    const back = rig.import(out.dir);
    const expected = Object.entries(before).filter(([path]) =>
      /^(?:agents|prompts|skills)\//.test(path),
    );
    expect(rig.files()).toEqual(Object.fromEntries(expected));
    expect(back.written).toEqual(expected.map(([path]) => path));
  });

  test.each(FORMATS)('%s: the same library gives the same bytes, again and elsewhere', (format) => {
    const rig = new ExchangeRig(here, library);
    const first = rig.export(format);
    const again = rig.export(format);
    const elsewhere = rig.export(format, join(here, 'elsewhere', 'deep'));
    expect({ ...again, dir: '' }).toEqual({ ...first, dir: '' });
    expect({ ...elsewhere, dir: '' }).toEqual({ ...first, dir: '' });
    expect(readTree(elsewhere.dir)).toEqual(readTree(first.dir));
    expect(first.written).toEqual(Object.keys(readTree(first.dir)));
  });

  test('claude: subagents, commands, skills and servers, each in its place', () => {
    const rig = new ExchangeRig(here, library);
    const { dir, written, lost } = rig.export('claude');
    expect(written).toEqual([
      '.claude/agents/reviewer.md',
      '.claude/commands/writing-shorten.md',
      '.claude/skills/release/SKILL.md',
      '.claude/skills/release/scripts/run.sh',
      '.mcp.json',
    ]);
    expect(readFileSync(join(dir, '.claude/agents/reviewer.md'), 'utf8')).toBe(
      text(
        '---',
        'name: reviewer',
        '# Who calls it.',
        'description: "Reviews: one change"',
        'tools: Read, mcp__git__diff',
        'license: MIT # ours',
        'model: claude-opus-5',
        'carrel:',
        '  route: work/claude-opus-5',
        '  knowledge: [handbook]',
        '  starters:',
        '    - What is wrong here?',
        '  name: Code Reviewer',
        '---',
        '',
        'You review.\t{{not a variable}}  ',
      ),
    );
    expect(lost).toEqual([
      'agents/reviewer.agent.md: "knowledge" and "starters" have no effect in Claude Code.',
      'prompts/writing/shorten.prompt.md: its variables stand in the text as {{…}}: Claude Code does not ask.',
      'MCP server "git": Claude Code decides by its own rules whether it runs.',
      '1 knowledge file: Claude Code has no place for it.',
    ]);
    expect(JSON.parse(readFileSync(join(dir, '.mcp.json'), 'utf8'))).toEqual({
      mcpServers: { git: { command: 'uvx', args: ['mcp-git', '${REPO}'], disabled: true } },
    });
  });

  test('vscode: variables are asked for, servers have their type', () => {
    const rig = new ExchangeRig(here, library);
    const { dir } = rig.export('vscode');
    const prompt = readFileSync(join(dir, '.github/prompts/writing-shorten.prompt.md'), 'utf8');
    expect(prompt).toContain('At most ${input:words} words: ${input:text:Text to cut}\n');
    expect(JSON.parse(readFileSync(join(dir, '.vscode/mcp.json'), 'utf8'))).toEqual({
      servers: {
        git: { type: 'stdio', command: 'uvx', args: ['mcp-git', '${env:REPO}'], disabled: true },
      },
    });
  });

  test('cursor: agents are rules that are asked for', () => {
    const rig = new ExchangeRig(here, library);
    const { dir, written } = rig.export('cursor');
    expect(written.slice(0, 2)).toEqual([
      '.cursor/commands/writing-shorten.md',
      '.cursor/mcp.json',
    ]);
    expect(readFileSync(join(dir, '.cursor/rules/reviewer.mdc'), 'utf8')).toContain(
      '\nalwaysApply: false\n',
    );
  });

  test('agents: only its own section of an AGENTS.md is written', () => {
    const rig = new ExchangeRig(here, library);
    const dir = join(here, 'project');
    writeTree(dir, { 'AGENTS.md': '# Rules\r\n\nBe brief.' });
    rig.export('agents', dir);
    const first = readFileSync(join(dir, 'AGENTS.md'), 'utf8');
    expect(first.startsWith('# Rules\r\n\nBe brief.\n\n<!-- carrel:begin ')).toBe(true);
    expect(first).toContain(
      '- [Code Reviewer](<.agents/agents/reviewer.agent.md>): Reviews: one change',
    );

    writeFileSync(join(dir, 'AGENTS.md'), `${first}\nLast words.\n`);
    writeTree(rig.dirs.files, { 'agents/other.agent.md': text('---', 'name: Other', '---', 'x') });
    rig.export('agents', dir);
    const second = readFileSync(join(dir, 'AGENTS.md'), 'utf8');
    expect(second).toContain('[Other]');
    expect(second.startsWith('# Rules\r\n\nBe brief.\n\n')).toBe(true);
    expect(second.endsWith('<!-- carrel:end -->\n\nLast words.\n')).toBe(true);

    writeFileSync(join(dir, 'AGENTS.md'), second.replace('[Other]', '[Mine]'));
    expect(rig.export('agents', dir).lost).toContain(
      'AGENTS.md: not written: its section was changed by hand, or it is not text.',
    );
    expect(readFileSync(join(dir, 'AGENTS.md'), 'utf8')).toContain('[Mine]');
  });

  test('leaves what is there, and writes through no link', () => {
    const rig = new ExchangeRig(here, library);
    const dir = join(here, 'project');
    const outside = join(here, 'outside');
    mkdirSync(outside, { recursive: true });
    writeTree(dir, { '.claude/agents/reviewer.md': 'mine', '.mcp.json': '{}' });
    symlinkSync(outside, join(dir, '.claude', 'skills'));
    symlinkSync(join(outside, 'file'), join(dir, '.claude', 'commands'));
    const { written, lost } = rig.export('claude', dir);
    expect(written).toEqual([]);
    expect(readTree(outside)).toEqual({});
    expect(readTree(dir)).toEqual({
      '.claude/agents/reviewer.md': 'mine',
      '.claude/commands': '(a link)',
      '.claude/skills': '(a link)',
      '.mcp.json': '{}',
    });
    expect(lost.filter((line) => line.includes('not written'))).toHaveLength(5);
  });

  test('nothing that could run is switched on in another program', () => {
    const rig = new ExchangeRig(here, {
      'agents/a.agent.md': text(
        '---',
        'name: a',
        'description: A.',
        'hooks:',
        '  Stop:',
        '    - command: touch /tmp/x',
        'permissionMode: bypassPermissions',
        '---',
        'Text.',
      ),
      'prompts/p.prompt.md': text('---', 'name: P', '---', 'Now: !`touch /tmp/x`'),
    });
    const { dir, written, lost } = rig.export('claude');
    expect(written).toEqual(['.claude/agents/a.md']);
    expect(readFileSync(join(dir, '.claude/agents/a.md'), 'utf8')).toBe(
      text(
        '---',
        'name: a',
        'description: A.',
        'carrel-disabled:',
        '  hooks:',
        '    Stop:',
        '      - command: touch /tmp/x',
        '  permissionMode: bypassPermissions',
        '---',
        'Text.',
      ),
    );
    expect(lost).toEqual([
      'agents/a.agent.md: "hooks" and "permissionMode" could run something or give rights: kept under "carrel-disabled".',
      'prompts/p.prompt.md: left out: Claude Code would run the commands in its text.',
    ]);
  });

  test('refuses the folders of the library itself, and a file', () => {
    const rig = new ExchangeRig(here, library);
    for (const dir of [rig.dirs.files, join(rig.dirs.files, 'out'), rig.dirs.library]) {
      expect(() => rig.export('claude', dir)).toThrow(
        expect.objectContaining({ code: 'library/export-place' }) as Error,
      );
    }
    expect(() => rig.export('claude', join(rig.dirs.files, 'mcp.json'))).toThrow(
      expect.objectContaining({ code: 'library/export-place' }) as Error,
    );
    expect(Object.keys(rig.files())).toEqual(Object.keys(library).toSorted());
  });

  test('needs a library', () => {
    const rig = new ExchangeRig(here);
    const dirs = { ...rig.dirs, library: join(here, 'none') };
    expect(() => new ExchangeRig(here).import(join(here, 'nothing'))).toThrow(
      expect.objectContaining({ code: 'library/import-place' }) as Error,
    );
    Object.assign(rig, { dirs });
    expect(() => rig.export('claude')).toThrow(
      expect.objectContaining({ code: 'library/none' }) as Error,
    );
  });
});
