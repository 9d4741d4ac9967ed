import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ItemKind } from '../../../src-contract/library.ts';
import { libraryAgents } from '../../../src-main/core/library/agent-catalog.ts';
import { unknownItem } from '../../../src-main/core/library/errors.ts';
import { parseItem } from '../../../src-main/core/library/items/parse-item.ts';
import { item } from '../../../src-main/core/library/jobs/items/item.ts';
import { items } from '../../../src-main/core/library/jobs/items/items.ts';
import { overview } from '../../../src-main/core/library/jobs/overview.ts';
import { libraryCollections } from '../../../src-main/core/library/library-collections.ts';
import { fixtureLibrary } from '../../helpers/git-fixture-library.ts';
import { filesBelow } from '../../helpers/git-library.ts';
import { shelfRig, type ShelfRig } from './edit-rig.helper.ts';

let rig: ShelfRig;

beforeAll(() => {
  rig = shelfRig();
  rig.take(fixtureLibrary);
});
afterAll(() => rig.close());

const library = {
  items: async (kind?: ItemKind) => items({ dirs: rig.dirs, kind: kind ?? null }, rig.heads),
  item: async (path: string) => {
    const found = item({ dirs: rig.dirs, path }, rig.heads);
    if (!found) throw unknownItem(path);
    return found;
  },
};

const prompt = (text: string) =>
  parseItem('prompt', 'prompts/x.prompt.md', Buffer.from(text, 'utf8'));

describe('a library on disk', () => {
  test('lists items by path; parts of a skill or template are no items', async () => {
    const items = await library.items();
    expect(items.map(({ path, kind, name }) => [path, kind, name])).toEqual([
      ['README.md', 'other', 'README.md'],
      ['agents/reviewer.agent.md', 'agent', 'Reviewer'],
      ['carrel.yaml', 'other', 'carrel.yaml'],
      ['knowledge/handbook/start.md', 'knowledge', 'start.md'],
      ['policy/members.yaml', 'policy', 'members'],
      ['prompts/review/code.prompt.md', 'prompt', 'Code review'],
      ['skills/release/SKILL.md', 'skill', 'release'],
      ['templates/service/template.yaml', 'template', 'Service'],
    ]);
    expect(items.every(({ state, problems }) => state === 'clean' && problems.length === 0)).toBe(
      true,
    );
    expect((await library.items('agent')).map(({ name }) => name)).toEqual(['Reviewer']);
  });

  test('reads one item whole', async () => {
    expect(await library.item('prompts/review/code.prompt.md')).toMatchObject({
      kind: 'prompt',
      description: 'Reviews a change',
      body: expect.stringMatching(/^Review this/) as string,
      variables: [
        {
          name: 'language',
          type: 'choice',
          label: 'Language',
          required: true,
          default: null,
          choices: ['TypeScript', 'Go'],
        },
        {
          name: 'change',
          type: 'long-text',
          label: 'change',
          required: true,
          default: null,
          choices: [],
        },
        {
          name: 'strict',
          type: 'boolean',
          label: 'strict',
          required: false,
          default: true,
          choices: [],
        },
        { name: 'limit', type: 'number', label: 'limit', required: false, default: 5, choices: [] },
      ],
    });
    expect(await library.item('agents/reviewer.agent.md')).toMatchObject({
      body: 'You review changes.\n',
      route: 'local/small-model',
      tools: ['search'],
      collections: ['handbook'],
      starters: ['What changed?'],
    });
    for (const path of ['prompts/none.prompt.md', '../starter/README.md', '__proto__']) {
      await expect(library.item(path)).rejects.toMatchObject({ code: 'library/unknown-item' });
    }
  });

  test('gives chat its agents and knowledge its collections', async () => {
    const agents = libraryAgents(library);
    const reviewer = {
      name: 'Reviewer',
      system: 'You review changes.\n',
      route: 'local/small-model',
      collections: ['handbook'],
    };
    expect(await agents.find('reviewer')).toEqual(reviewer);
    expect(await agents.find(' AGENTS/Reviewer.agent.md')).toEqual(reviewer);
    expect(await agents.find('nobody')).toBeNull();
    expect(await libraryCollections(rig.dirs.files).list()).toEqual([
      { name: 'handbook', dir: join(rig.dirs.files, 'knowledge', 'handbook') },
    ]);
    expect(await libraryCollections(join(rig.dirs.files, 'none')).list()).toEqual([]);
  });

  test('tells edited, deleted and own files; an edited part makes its skill edited', async () => {
    const files = rig.dirs.files;
    writeFileSync(join(files, 'agents/reviewer.agent.md'), '---\nname: Mine\n---\nOther.\n');
    writeFileSync(join(files, 'agents/own.agent.md'), '---\nname: Own\n---\nOwn.\n');
    writeFileSync(join(files, 'skills/release/scripts/tag.sh'), 'changed');
    rmSync(join(files, 'README.md'));
    const states = Object.fromEntries(
      (await library.items()).map(({ path, state }) => [path, state]),
    );
    expect(states).toMatchObject({
      'agents/reviewer.agent.md': 'edited',
      'agents/own.agent.md': 'added',
      'skills/release/SKILL.md': 'edited',
      'README.md': 'deleted',
      'carrel.yaml': 'clean',
    });
    expect(overview(rig.dirs, rig.heads)?.edited).toBe(4);
    expect(await libraryAgents(library).find('mine')).toMatchObject({ system: 'Other.\n' });
  });
});

describe('parsing', () => {
  test.each([
    ['no closing line', '---\nname: x\n', /no closing line/],
    ['broken YAML', '---\nname: [\n---\nx', /YAML: /],
    ['a custom tag', '---\nname: !!js/function "x"\n---\nx', /YAML: /],
    ['a list', '---\n- a\n---\nx', /not a list of/],
    ['no name', '---\ndescription: x\n---\nx', /no "name"/],
    ['no text', '---\nname: x\n---\n', /no text/],
    ['a twice key', '---\nname: x\nname: y\n---\nx', /YAML: /],
    ['variables that are none', '---\nname: x\nvariables: 3\n---\nx', /must be a list/],
    [
      'a bad variable name',
      '---\nname: x\nvariables: [{name: "a b"}]\n---\nx',
      /can't be the name/,
    ],
    [
      'an unknown type',
      '---\nname: x\nvariables: [{name: a, type: date}]\n---\n{{a}}',
      /no type "date"/,
    ],
    [
      'a choice of nothing',
      '---\nname: x\nvariables: [{name: a, type: choice}]\n---\n{{a}}',
      /needs "choices"/,
    ],
    [
      'a default that does not fit',
      '---\nname: x\nvariables: [{name: a, type: number, default: no}]\n---\n{{a}}',
      /does not fit/,
    ],
    ['an undeclared variable', '---\nname: x\n---\n{{ghost}}', /\{\{ghost\}\}/],
    ['an unused variable', '---\nname: x\nvariables: [{name: a}]\n---\nx', /not used/],
    ['too long', `---\nname: ${'x'.repeat(70_000)}\n---\nx`, /too long/],
  ])('lists %s and goes on', (_what, text, problem) => {
    const { problems, body } = prompt(text);
    expect(problems.join('\n')).toMatch(problem);
    expect(typeof body).toBe('string');
  });

  test('ends an alias bomb', () => {
    const levels = Array.from({ length: 12 }, (_, n) => {
      const inner = n === 0 ? 'x' : `*a${n - 1}`;
      return `a${n}: &a${n} [${Array.from({ length: 10 }, () => inner).join(', ')}]`;
    });
    const { problems } = prompt(`---\n${levels.join('\n')}\n---\nx`);
    expect(problems.join('\n')).toMatch(/YAML: .*alias/i);
  });

  test('does not take inherited names for values, and sets no prototype', () => {
    const item = prompt('---\nname: x\n__proto__: { polluted: true }\nconstructor: y\n---\nx');
    expect(item.name).toBe('x');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    const bare = parseItem(
      'agent',
      'agents/a.agent.md',
      Buffer.from('---\n__proto__: { route: r }\n---\nx'),
    );
    expect(bare.route).toBeNull();
  });

  test('reads a byte-order mark, CRLF, and keeps the body’s own bytes', () => {
    const item = prompt('\ufeff---\r\nname: x\r\n---\r\nline one\r\n---\r\nline two\r\n');
    expect(item).toMatchObject({
      name: 'x',
      body: 'line one\r\n---\r\nline two\r\n',
      problems: [],
    });
  });

  test('says when a file is not text', () => {
    for (const bytes of [
      [0xff, 0xfe],
      [65, 0, 66],
    ]) {
      const item = parseItem('prompt', 'prompts/x.prompt.md', Uint8Array.from(bytes));
      expect(item).toMatchObject({
        name: 'x',
        body: '',
        problems: ['The file is not UTF-8 text.'],
      });
    }
  });

  test('never throws, whatever the bytes', () => {
    const kinds = fc.constantFrom<ItemKind[]>(
      'prompt',
      'agent',
      'skill',
      'template',
      'policy',
      'other',
    );
    const yamlish = fc
      .array(
        fc.constantFrom(
          '---\n',
          'name: ',
          '*a',
          '&a ',
          '- ',
          '{',
          '}',
          '[',
          ']',
          '{{x}}',
          '!!',
          '\n',
          ' ',
          ':',
          '"',
          'variables:\n',
          '\u0000',
          '\ufeff',
          'é',
        ),
      )
      .map((parts) => Buffer.from(parts.join('')));
    fc.assert(
      fc.property(kinds, fc.oneof(yamlish, fc.uint8Array()), (kind, bytes) => {
        const item = parseItem(kind, 'prompts/x.prompt.md', bytes);
        expect(item.problems.every((problem) => typeof problem === 'string')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

test('the bundled starter library has no problem', () => {
  const dir = resolve(import.meta.dirname, '../../../assets/starter-library');
  const starter = shelfRig();
  try {
    const paths = filesBelow(dir);
    starter.take(Object.fromEntries(paths.map((path) => [path, readFileSync(join(dir, path))])));
    const all = items({ dirs: starter.dirs, kind: null }, starter.heads);
    expect(all.length).toBeGreaterThan(30);
    expect(all.filter(({ problems, state }) => problems.length > 0 || state !== 'clean')).toEqual(
      [],
    );
  } finally {
    starter.close();
  }
});
