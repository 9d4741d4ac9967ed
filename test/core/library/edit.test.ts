import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { blobOid } from '../../../src-main/core/library/git/objects.ts';
import { create } from '../../../src-main/core/library/jobs/items/create.ts';
import { item } from '../../../src-main/core/library/jobs/items/item.ts';
import { parse } from '../../../src-main/core/library/jobs/items/parse.ts';
import { remove } from '../../../src-main/core/library/jobs/items/remove.ts';
import { rename } from '../../../src-main/core/library/jobs/items/rename.ts';
import { save } from '../../../src-main/core/library/jobs/items/save.ts';
import { pathProblem } from '../../../src-main/core/library/portable-path.ts';
import { fixtureLibrary } from '../../helpers/git-fixture-library.ts';
import { shelfRig, type ShelfRig } from './edit-rig.helper.ts';

let rig: ShelfRig;
beforeEach(() => {
  rig = shelfRig();
  rig.take(fixtureLibrary);
});
afterEach(() => {
  // Whatever was done, nothing half-written is left.
  const staging = join(rig.dirs.journal, 'library-edits');
  expect(statSync(staging, { throwIfNoEntry: false }) ? readdirSync(staging) : []).toEqual([]);
  rig.close();
});

const one = (path: string) => item({ dirs: rig.dirs, path }, rig.heads);
const write = (path: string, content: string, expect: string | null = null) =>
  save({ dirs: rig.dirs, path, content, expect });
const make = (
  kind: 'prompt' | 'agent' | 'skill' | 'knowledge',
  name: string,
  collection?: string,
) => create({ dirs: rig.dirs, kind, name, collection: collection ?? null });
const move = (from: string, to: string) => rename({ dirs: rig.dirs, from, to });
const drop = (path: string) => remove({ dirs: rig.dirs, path, now: 1_000 });
const oidOf = (text: string) => blobOid(Buffer.from(text, 'utf8'));
const code = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
  return 'no error';
};

/** Paths that no job may follow. */
const HOSTILE = [
  '../outside.md',
  'a/../../outside.md',
  '/etc/outside.md',
  'C:/outside.md',
  'c:outside.md',
  '..\\outside.md',
  'prompts\\x.prompt.md',
  'prompts/x\0.prompt.md',
  './x.md',
  'a//b.md',
  'a/',
  '',
  'linked/outside.md',
  'README.md/inside.md',
];

describe('save', () => {
  test('any text is read back byte for byte, and is the source', () => {
    const path = 'prompts/any.prompt.md';
    let before: string | null = null;
    const odd = fc.constantFrom(
      '\ufeff',
      '\r\n',
      '\r',
      '\n',
      '---\n',
      '\u2028',
      '\0',
      '{{x}}',
      'é',
      '😀',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(fc.oneof(odd, fc.string()), { maxLength: 20 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const { oid } = write(path, text, before);
        before = oid;
        expect(rig.read(path)).toEqual(Buffer.from(text, 'utf8'));
        const found = one(path);
        expect(found).toMatchObject({ oid, size: Buffer.byteLength(text) });
        expect(found?.source).toBe(text.includes('\0') ? null : text);
      }),
      { numRuns: 150 },
    );
  });

  test('comments, unknown keys and their order survive what a form and an editor do', () => {
    const { path, oid } = make('prompt', 'Kept');
    const source = one(path)?.source ?? '';
    const edited = source
      .replace('name: Kept\n', 'name: Kept # why\nx-unknown: {b: 1, a: 2} # odd\n')
      .replaceAll('\n', '\r\n');
    write(path, edited, oid);
    expect(rig.read(path).toString('utf8')).toBe(edited);
    expect(one(path)).toMatchObject({ name: 'Kept', source: edited, problems: [] });
  });

  test('only over the bytes that were edited: races are told, nothing is written', () => {
    const path = 'agents/reviewer.agent.md';
    const read = one(path)?.oid ?? '';
    rig.put(path, 'somebody else');
    expect(code(() => write(path, 'mine', read))).toBe('library/changed-meanwhile');
    expect(code(() => write(path, 'mine', null))).toBe('library/changed-meanwhile');
    expect(rig.read(path).toString('utf8')).toBe('somebody else');
    rmSync(join(rig.dirs.files, path));
    expect(code(() => write(path, 'mine', read))).toBe('library/changed-meanwhile');
    expect(rig.has(path)).toBe(false);
    expect(write(path, 'mine', null).oid).toBe(oidOf('mine'));
    // The same again, as after an answer that got lost.
    expect(write(path, 'mine', null).oid).toBe(oidOf('mine'));
    expect(write(path, 'next', oidOf('mine'))).toEqual({ path, oid: oidOf('next') });
  });

  test('keeps the rights of a file; makes folders', () => {
    chmodSync(join(rig.dirs.files, 'README.md'), 0o600);
    write('README.md', 'x', oidOf(fixtureLibrary['README.md'] ?? ''));
    expect(statSync(join(rig.dirs.files, 'README.md')).mode & 0o777).toBe(0o600);
    write('prompts/new/deep/x.prompt.md', 'x');
    expect(one('prompts/new/deep/x.prompt.md')?.state).toBe('added');
  });

  test('refuses paths that lead out of the library, and names that some system can not have', () => {
    symlinkSync(join(rig.dirs.files, '..'), join(rig.dirs.files, 'linked'));
    rig.put('../outside.md', 'outside');
    const before = rig.list();
    for (const path of HOSTILE) {
      for (const run of [
        () => write(path, 'x'),
        () => move('README.md', path),
        () => move(path, 'free.md'),
        () => drop(path),
      ]) {
        expect(code(run), path).toBe('library/bad-path');
      }
    }
    for (const path of [
      'aux.md',
      'a:b.md',
      'a.',
      'b ',
      '.git/config',
      'x\u202e.md',
      'x'.repeat(181),
    ]) {
      expect(
        code(() => write(path, 'x')),
        path,
      ).toBe('library/bad-path');
      expect(
        code(() => move('README.md', path)),
        path,
      ).toBe('library/bad-path');
    }
    expect(rig.list()).toEqual(before);
    expect(rig.read('../outside.md').toString('utf8')).toBe('outside');
  });

  test('writes through no link and over no folder', () => {
    rig.put('../outside.md', 'outside');
    symlinkSync(join(rig.dirs.files, '../outside.md'), join(rig.dirs.files, 'link.md'));
    for (const path of ['link.md', 'skills']) {
      expect(
        code(() => write(path, 'x')),
        path,
      ).toBe('library/bad-path');
    }
    expect(rig.read('../outside.md').toString('utf8')).toBe('outside');
    expect(code(() => drop('link.md'))).toBe('library/unknown-item');
    expect(code(() => move('link.md', 'moved.md'))).toBe('library/unknown-item');
  });

  test('refuses names that differ in case or accents only, half characters and too much', () => {
    rig.put('prompts/\u00e9.md', 'x');
    rig.record({ refused: [{ path: 'docs/Taken.md', reason: 'r' }] });
    for (const path of [
      'readme.md',
      'README.MD',
      'Prompts/x.md',
      'prompts/e\u0301.md',
      'DOCS/x.md',
      'docs/taken.md',
    ]) {
      expect(
        code(() => write(path, 'x')),
        path,
      ).toBe('library/path-taken');
      expect(
        code(() => move('carrel.yaml', path)),
        path,
      ).toBe('library/path-taken');
    }
    expect(code(() => write('half.md', 'x\ud800'))).toBe('library/bad-text');
    expect(code(() => write('big.md', 'x'.repeat(10 * 1024 * 1024 + 1)))).toBe(
      'library/file-too-large',
    );
    expect(rig.has('half.md') || rig.has('big.md')).toBe(false);
  });
});

describe('create', () => {
  test('makes whole items at readable paths', () => {
    expect(make('prompt', 'Größe  schätzen!').path).toBe('prompts/größe-schätzen.prompt.md');
    expect(make('agent', '東京 Guide').path).toBe('agents/東京-guide.agent.md');
    expect(make('skill', 'Größe & Øre').path).toBe('skills/grosse-ore/SKILL.md');
    expect(make('skill', '東京').path).toBe('skills/skill/SKILL.md');
    expect(make('prompt', 'con').path).toBe('prompts/con-prompt.prompt.md');
    expect(make('prompt', '!!!').path).toBe('prompts/prompt.prompt.md');
    expect(make('prompt', '!!!').path).toBe('prompts/prompt-2.prompt.md');
    expect(make('knowledge', 'Start', 'Handbook').path).toBe('knowledge/handbook/start-2.md');
    expect(make('knowledge', 'First', 'New Things').path).toBe('knowledge/new-things/first.md');
    expect(one('skills/grosse-ore/SKILL.md')).toMatchObject({ name: 'grosse-ore', problems: [] });
    expect(one('prompts/größe-schätzen.prompt.md')).toMatchObject({
      name: 'Größe schätzen!',
      state: 'added',
      problems: [],
    });
    expect(code(() => make('knowledge', 'x'))).toBe('library/bad-name');
    expect(code(() => make('prompt', ' \u200b\n'))).toBe('library/bad-name');
  });

  test('takes no name that is there in another spelling, or was deleted here', () => {
    rig.put('prompts/Mine.prompt.md', 'x');
    expect(make('prompt', 'MINE').path).toBe('prompts/mine-2.prompt.md');
    rmSync(join(rig.dirs.files, 'agents/reviewer.agent.md'));
    expect(make('agent', 'Reviewer').path).toBe('agents/reviewer-2.agent.md');
    expect(make('skill', 'Release').path).toBe('skills/release-2/SKILL.md');
    expect(one('skills/release-2/SKILL.md')?.name).toBe('release-2');
  });

  test('whatever the name, the item is valid, its path portable, its title kept', () => {
    const kinds = fc.constantFrom('prompt', 'agent', 'skill', 'knowledge');
    const names = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 120 }),
      fc.constantFrom(
        'nul',
        'COM1',
        '.git',
        '..',
        '- # x',
        '"',
        "'",
        ': {',
        '---',
        '&a *a',
        'null',
        '1e3',
      ),
    );
    fc.assert(
      fc.property(kinds, names, (kind, name) => {
        let path: string;
        try {
          ({ path } = make(kind, name, 'c'));
        } catch (error) {
          expect(error).toMatchObject({ code: 'library/bad-name' });
          return;
        }
        expect(pathProblem(path)).toBeNull();
        const made = one(path);
        expect(made).toMatchObject({ kind, state: 'added', problems: [] });
        if (kind === 'prompt' || kind === 'agent') {
          expect(name.toWellFormed()).toContain(made?.name.split(' ')[0]);
        }
        rmSync(join(rig.dirs.files, path));
      }),
      { numRuns: 150 },
    );
  });
});

test('parse never throws and ends soon, whatever is typed', () => {
  const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string());
  const paths = fc.oneof(
    fc.constantFrom(...HOSTILE, 'prompts/x.prompt.md', 'skills/x/SKILL.md'),
    fc.string(),
  );
  fc.assert(
    fc.property(paths, texts, (path, content) => {
      expect(typeof parse({ path, content }).name).toBe('string');
    }),
    { numRuns: 300 },
  );
  for (const bit of [
    '[',
    '{',
    '- ',
    '? ',
    '{a: ',
    '"',
    '\n',
    '{{',
    '{{ ',
    '--- ',
    '&a ',
    'a: &a [*a,',
  ]) {
    const text = `---\n${bit.repeat(65_000 / bit.length)}\n---\n${bit.repeat(900_000 / bit.length)}`;
    const started = performance.now();
    expect(parse({ path: 'prompts/x.prompt.md', content: text }).variables).toEqual([]);
    expect(performance.now() - started, bit).toBeLessThan(5_000);
  }
});

test('two processes that save at once: one wins, the other is told, no bytes are mixed', () => {
  const script = `
    import { save } from ${JSON.stringify(join(import.meta.dirname, '../../../src-main/core/library/jobs/items/save.ts'))};
    const [dirs, who] = [JSON.parse(process.argv[1]), process.argv[2]];
    let won = 0;
    for (let n = 0; n < 20; n += 1) {
      try { save({ dirs, path: 'race/' + n + '.md', content: who.repeat(5000), expect: null }); won += 1; }
      catch (error) { if (!['library/changed-meanwhile', 'library/path-taken'].includes(error.code)) throw error; }
    }
    process.stdout.write(String(won));
  `;
  const run = (who: string) =>
    `"$NODE" --input-type=module -e "$SCRIPT" "$DIRS" ${who} > "$OUT/${who}.txt" & `;
  execFileSync('sh', ['-c', `${run('a')}${run('b')} wait`], {
    env: {
      ...process.env,
      NODE: process.execPath,
      SCRIPT: script,
      DIRS: JSON.stringify(rig.dirs),
      OUT: join(rig.dirs.files, '..'),
    },
  });
  const won = ['a', 'b'].map((who) => Number(rig.read(`../${who}.txt`).toString('utf8')));
  expect(won.reduce((sum, n) => sum + n, 0)).toBe(20);
  for (let n = 0; n < 20; n += 1) {
    expect(rig.read(`race/${n}.md`).toString('utf8')).toMatch(/^(a{5000}|b{5000})$/);
  }
});
