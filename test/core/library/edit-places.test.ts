import { readdirSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { blobOid } from '../../../src-main/core/library/git/objects.ts';
import { listTrash } from '../../../src-main/core/library/files/trash.ts';
import { item } from '../../../src-main/core/library/jobs/items/item.ts';
import { items } from '../../../src-main/core/library/jobs/items/items.ts';
import { remove } from '../../../src-main/core/library/jobs/items/remove.ts';
import { rename } from '../../../src-main/core/library/jobs/items/rename.ts';
import { restore } from '../../../src-main/core/library/jobs/items/restore.ts';
import { trash } from '../../../src-main/core/library/jobs/items/trash.ts';
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
const move = (from: string, to: string) => rename({ dirs: rig.dirs, from, to });
const drop = (path: string) => remove({ dirs: rig.dirs, path, now: 1_000 });
const code = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
  return 'no error';
};

describe('rename', () => {
  test('moves a file with its bytes, leaves no empty folder', () => {
    const source = rig.read('prompts/review/code.prompt.md');
    const moved = move('prompts/review/code.prompt.md', 'prompts/check/code.prompt.md');
    expect(moved).toEqual({ path: 'prompts/check/code.prompt.md', oid: blobOid(source) });
    expect(rig.has('prompts/review')).toBe(false);
    expect(rig.read('prompts/check/code.prompt.md')).toEqual(source);
    const states = Object.fromEntries(
      items({ dirs: rig.dirs, kind: 'prompt' }, rig.heads).map(({ path, state }) => [path, state]),
    );
    expect(states).toEqual({
      'prompts/check/code.prompt.md': 'added',
      'prompts/review/code.prompt.md': 'deleted',
    });
  });

  test('changes the case of a name alone', () => {
    move('README.md', 'Readme.md');
    expect(rig.list()).toContain('Readme.md');
    expect(rig.list()).not.toContain('README.md');
  });

  test('a skill moves as a folder, by its main file or its folder', () => {
    expect(move('skills/release/SKILL.md', 'skills/ship/SKILL.md').path).toBe(
      'skills/ship/SKILL.md',
    );
    expect(rig.list().filter((path) => path.startsWith('skills/'))).toEqual([
      'skills/ship/SKILL.md',
      'skills/ship/scripts/tag.sh',
    ]);
    expect(rig.read('skills/ship/SKILL.md').toString('utf8')).toBe(
      fixtureLibrary['skills/release/SKILL.md']?.replace('name: release', 'name: ship'),
    );
    expect(one('skills/ship/SKILL.md')?.problems).toEqual([]);
    expect(move('skills/ship', 'skills/go').path).toBe('skills/go/SKILL.md');
    for (const to of [
      'prompts/x.prompt.md',
      'templates/go/template.yaml',
      'skills/go/scripts/SKILL.md',
      'x.md',
    ]) {
      expect(
        code(() => move('skills/go/SKILL.md', to)),
        to,
      ).toBe('library/bad-path');
    }
    expect(move('skills/go/scripts/tag.sh', 'skills/go/bin/tag.sh').path).toBe(
      'skills/go/bin/tag.sh',
    );
  });

  test('overwrites nothing', () => {
    rig.put('skills/other/SKILL.md', 'other');
    expect(code(() => move('README.md', 'carrel.yaml'))).toBe('library/path-taken');
    expect(code(() => move('README.md', 'skills'))).toBe('library/path-taken');
    expect(code(() => move('skills/release/SKILL.md', 'skills/other/SKILL.md'))).toBe(
      'library/path-taken',
    );
    expect(code(() => move('skills/release/SKILL.md', 'skills/OTHER/SKILL.md'))).toBe(
      'library/path-taken',
    );
    expect(code(() => move('none.md', 'new.md'))).toBe('library/unknown-item');
    expect(rig.read('skills/other/SKILL.md').toString('utf8')).toBe('other');
  });
});

describe('trash', () => {
  test('a removed file comes back with its bytes; a taken place gives it a number', () => {
    const path = 'prompts/review/code.prompt.md';
    const source = rig.read(path);
    const [entry] = drop(path);
    expect(entry).toMatchObject({ path, why: 'removed', at: 1_000, size: source.length });
    expect(rig.has('prompts')).toBe(false);
    expect(trash({ dirs: rig.dirs })).toEqual([entry]);
    rig.put(path, 'new');
    rig.put('prompts/review/CODE-2.prompt.md', 'new');
    const back = restore({ dirs: rig.dirs, id: entry?.id ?? '' });
    expect(back).toEqual({ path: 'prompts/review/code-3.prompt.md', oid: blobOid(source) });
    expect(rig.read(back.path)).toEqual(source);
    expect(rig.read(path).toString('utf8')).toBe('new');
    expect(trash({ dirs: rig.dirs })).toEqual([]);
    expect(code(() => restore({ dirs: rig.dirs, id: entry?.id ?? '' }))).toBe(
      'library/not-in-trash',
    );
  });

  test('a skill goes as a folder and comes back file by file', () => {
    const entries = drop('skills/release/SKILL.md');
    expect(entries.map(({ path }) => path)).toEqual([
      'skills/release/scripts/tag.sh',
      'skills/release/SKILL.md',
    ]);
    expect(rig.has('skills')).toBe(false);
    for (const { id, path } of entries) expect(restore({ dirs: rig.dirs, id }).path).toBe(path);
    expect(one('skills/release/SKILL.md')).toMatchObject({
      state: 'clean',
      parts: [{ state: 'clean' }],
    });
    expect(drop('templates/service')).toHaveLength(2);
    expect(code(() => drop('skills'))).toBe('library/unknown-item');
  });

  test('what systems leave in folders keeps no folder, and is no item', () => {
    rig.put('skills/release/.DS_Store', 'x');
    rig.put('skills/Thumbs.db', 'x');
    drop('skills/release/SKILL.md');
    expect(rig.has('skills')).toBe(false);
    rig.put('.git/config', 'x');
    rig.put('notes/desktop.ini', 'x');
    const listed = items({ dirs: rig.dirs, kind: null }, rig.heads).map(({ path }) => path);
    expect(listed.filter((path) => /^\.git|desktop/.test(path))).toEqual([]);
  });

  test('a place below what is a file now, or a link, is not used', () => {
    const [entry] = drop('agents/reviewer.agent.md');
    rig.put('agents', 'a file');
    expect(restore({ dirs: rig.dirs, id: entry?.id ?? '' }).path).toBe(
      'agents-2/reviewer.agent.md',
    );
    const [again] = drop('agents-2/reviewer.agent.md');
    symlinkSync(rig.dirs.trash, join(rig.dirs.files, 'agents-2'));
    expect(restore({ dirs: rig.dirs, id: again?.id ?? '' }).path).toBe(
      'agents-2-2/reviewer.agent.md',
    );
  });

  test('nothing is written where the folder of the library itself is a link', () => {
    const elsewhere = join(rig.dirs.files, '../elsewhere');
    renameSync(rig.dirs.files, elsewhere);
    symlinkSync(elsewhere, rig.dirs.files);
    for (const run of [() => drop('README.md'), () => move('README.md', 'x.md')]) {
      expect(code(run)).toBe('library/bad-path');
    }
  });

  test('has nothing under an id that it did not give', () => {
    drop('README.md');
    for (const id of ['../x', 'a/../../x', '', '/', 'none/x', 'x', '../README.md', '__proto__/x']) {
      expect(
        code(() => restore({ dirs: rig.dirs, id })),
        id,
      ).toBe('library/not-in-trash');
    }
    expect(listTrash(rig.dirs.trash)).toHaveLength(1);
  });

  test('an odd name of one system can still be moved and removed', () => {
    writeFileSync(join(rig.dirs.files, 'aux.md'), 'x');
    expect(move('aux.md', 'fine.md').path).toBe('fine.md');
    writeFileSync(join(rig.dirs.files, 'a?b.md'), 'x');
    const [entry] = drop('a?b.md');
    expect(restore({ dirs: rig.dirs, id: entry?.id ?? '' }).path).toBe('a?b.md');
  });
});
