import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LibraryClient } from '../../helpers/library-rig-client.ts';
import { LibraryRig } from '../../helpers/library-rig.ts';
import { git } from '../../helpers/git-repo.ts';
import { library, lines, TEXT, trashed } from './sync-library.helper.ts';

let rig: LibraryRig;
let ada: LibraryClient;
let ben: LibraryClient;

beforeEach(async () => {
  rig = await LibraryRig.connected(library);
  ada = rig.client(0);
  ben = rig.client(1);
});
afterEach(() => {
  try {
    rig.account();
  } finally {
    rig.close();
  }
});

describe('edits on both sides', () => {
  test('a dirty file and edits of the team: nothing is reverted, both are kept', async () => {
    ada.put(TEXT, lines({ 1: 'of ada' }));
    rig.push({ [TEXT]: lines({ 8: 'of ben' }), 'README.md': 'of ben', 'new.md': 'of ben' });
    const { summary } = await ada.update();
    const both = lines({ 1: 'of ada', 8: 'of ben' });
    expect(summary.conflicts).toEqual([]);
    expect(summary.merged).toEqual([TEXT]);
    expect(ada.read(TEXT)).toBe(both);
    expect(ada.read('README.md')).toBe('of ben');
    expect(ada.read('new.md')).toBe('of ben');
    expect(trashed(ada)).toEqual([{ path: TEXT, why: 'merged', text: lines({ 1: 'of ada' }) }]);

    const { state, published } = await ada.publish();
    expect(state).toBe('published');
    expect(published).toEqual([{ path: TEXT, change: 'modified' }]);
    await ben.update();
    expect(ben.read(TEXT)).toBe(both);
    expect(ben.read('README.md')).toBe('of ben');
    expect(ben.files()).toEqual(rig.files());
  });

  test('the same edit on both sides is none', async () => {
    ada.put(TEXT, lines({ 1: 'of both' }));
    rig.push({ [TEXT]: lines({ 1: 'of both' }) });
    const { summary } = await ada.update();
    expect(summary).toMatchObject({ conflicts: [], merged: [] });
    expect((await ada.publish()).state).toBe('nothing');
    expect((await ada.preview()).changes).toEqual([]);
  });

  test('both delete the same file', async () => {
    ada.remove(TEXT);
    rig.push({ [TEXT]: null });
    expect((await ada.update()).summary.conflicts).toEqual([]);
    expect((await ada.publish()).state).toBe('nothing');
  });

  test('lines that overlap wait; everything else moves on', async () => {
    ada.put(TEXT, lines({ 4: 'of ada' }));
    rig.push({ [TEXT]: lines({ 4: 'of ben' }), 'README.md': 'of ben' });
    const { summary } = await ada.update();
    expect(summary).toMatchObject({ state: 'conflict', conflicts: [TEXT], merged: [] });
    expect(summary.changed).toEqual([{ path: 'README.md', change: 'modified' }]);
    expect(ada.read(TEXT)).toBe(lines({ 4: 'of ada' }));
    expect(ada.read('README.md')).toBe('of ben');
    expect(await ada.conflicts()).toMatchObject([{ path: TEXT, kind: 'text' }]);
    const detail = await ada.conflict(TEXT);
    expect(detail).toMatchObject({
      baseText: lines({}),
      mineText: lines({ 4: 'of ada' }),
      theirsText: lines({ 4: 'of ben' }),
    });
    expect(detail?.chunks.filter(({ kind }) => kind === 'conflict')).toEqual([
      { kind: 'conflict', base: 'line 4\n', mine: 'of ada\n', theirs: 'of ben\n' },
    ]);
    expect(await ada.conflict('README.md')).toBeNull();
  });

  test('deleted by the team, edited here', async () => {
    ada.put(TEXT, 'of ada');
    rig.push({ [TEXT]: null });
    expect((await ada.update()).summary.conflicts).toEqual([TEXT]);
    expect(ada.read(TEXT)).toBe('of ada');
    expect(await ada.conflicts()).toMatchObject([
      { path: TEXT, kind: 'deleted-there', mine: { size: 6 }, theirs: null },
    ]);
  });

  test('deleted here, edited by the team', async () => {
    ada.remove(TEXT);
    rig.push({ [TEXT]: 'of ben' });
    expect((await ada.update()).summary.conflicts).toEqual([TEXT]);
    expect(ada.has(TEXT)).toBe(false);
    expect(await ada.conflicts()).toMatchObject([
      { path: TEXT, kind: 'deleted-here', mine: null, theirs: { size: 6 } },
    ]);
  });

  test('a binary is never merged', async () => {
    const base = Buffer.from([0, 1, 2, 10, 3, 10, 4, 10, 0xff, 10]);
    rig.push({ 'a.bin': base });
    await ada.update();
    const mine = Buffer.concat([Buffer.of(9), base]);
    ada.put('a.bin', mine);
    rig.push({ 'a.bin': Buffer.concat([base, Buffer.of(9)]) });
    expect((await ada.update()).summary.conflicts).toEqual(['a.bin']);
    expect(ada.bytes('a.bin')).toEqual(mine);
    expect(await ada.conflicts()).toMatchObject([{ path: 'a.bin', kind: 'binary' }]);
    expect(await ada.conflict('a.bin')).toMatchObject({ mineText: null, chunks: [] });
  });

  test('the same new name on both sides', async () => {
    ada.put('new.md', 'of ada\n');
    rig.push({ 'new.md': 'of ben\n' });
    expect((await ada.update()).summary.conflicts).toEqual(['new.md']);
    expect(ada.read('new.md')).toBe('of ada\n');
    expect(await ada.conflict('new.md')).toMatchObject({
      baseText: null,
      mineText: 'of ada\n',
      theirsText: 'of ben\n',
    });
  });

  test('a file here, a folder there', async () => {
    ada.put('place', 'of ada\n');
    rig.push({ 'place/inner.md': 'of ben\n', 'README.md': 'of ben\n' });
    const { summary } = await ada.update();
    expect(summary.conflicts).toHaveLength(1);
    expect(ada.read('place')).toBe('of ada\n');
    expect(ada.read('README.md')).toBe('of ben\n');
    expect(await ada.conflicts()).toMatchObject([{ kind: 'folder' }]);
  });

  test('a folder here, a file there', async () => {
    ada.put('place/inner.md', 'of ada\n');
    rig.push({ place: 'of ben\n', 'README.md': 'of ben\n' });
    const { summary } = await ada.update();
    expect(summary.conflicts).toHaveLength(1);
    expect(ada.read('place/inner.md')).toBe('of ada\n');
    expect(ada.read('README.md')).toBe('of ben\n');
    expect(await ada.conflicts()).toMatchObject([{ kind: 'folder' }]);
  });

  test('the team swaps file and folder while the same file is edited here', async () => {
    ada.put('README.md', 'of ada');
    rig.push({ 'README.md': null, 'README.md/inner.md': 'of ben' });
    const { summary } = await ada.update();
    expect(summary.state).toBe('conflict');
    expect(ada.read('README.md')).toBe('of ada');
  });

  test('a file and a folder swap both ways without edits here', async () => {
    rig.push({ 'README.md': null, policy: null });
    rig.push({ 'README.md/inner.md': 'in', policy: 'flat' });
    const { summary } = await ada.update(rig.tip());
    expect(summary.conflicts).toEqual([]);
    expect(ada.read('README.md/inner.md')).toBe('in');
    expect(ada.read('policy')).toBe('flat');
    rig.push({ 'README.md': null, policy: null });
    rig.push({ 'README.md': 'again', 'policy/members.yaml': 'again' });
    await ada.update(rig.tip());
    expect(ada.files()).toEqual(rig.files());
  });
});

describe('other git clients', () => {
  test('a criss-cross of native merges is taken like any version', async () => {
    const { work } = rig.team;
    const on = (branch: string, change: Readonly<Record<number, string>>): void => {
      git(work, 'checkout', '-q', '-B', branch, 'main');
      writeText(lines(change));
    };
    on('left', { 0: 'left' });
    on('right', { 8: 'right' });
    const [left, right] = [git(work, 'rev-parse', 'left'), git(work, 'rev-parse', 'right')];
    git(work, 'checkout', '-q', 'left');
    git(work, 'merge', '-q', '--no-edit', right);
    writeText(lines({ 0: 'left', 2: 'left again', 8: 'right' }));
    git(work, 'checkout', '-q', 'right');
    git(work, 'merge', '-q', '--no-edit', left);
    writeText(lines({ 0: 'left', 6: 'right again', 8: 'right' }));
    git(work, 'checkout', '-q', '-B', 'main', 'left');
    git(work, 'merge', '-q', '--no-edit', 'right');
    rig.team.push();

    ada.put(TEXT, lines({ 4: 'of ada' }));
    const { summary } = await ada.update();
    expect(summary.merged).toEqual([TEXT]);
    expect(ada.read(TEXT)).toBe(
      lines({ 0: 'left', 2: 'left again', 4: 'of ada', 6: 'right again', 8: 'right' }),
    );
    expect((await ada.publish()).state).toBe('published');
    await ben.update();
    expect(ben.files()).toEqual(rig.files());

    function writeText(text: string): void {
      writeFileSync(join(work, TEXT), text);
      git(work, 'commit', '-q', '-a', '-m', 'Change');
    }
  });

  test('one local version ahead: the versions of the team come below it', async () => {
    ada.put(TEXT, lines({ 1: 'of ada' }));
    expect((await rig.away(() => ada.publish({ message: 'Ahead' }))).state).toBe('queued');
    rig.push({ [TEXT]: lines({ 8: 'of ben' }), 'new.md': 'x' }, 'Of the team');
    const { summary, unsent } = await ada.update();
    expect(unsent).toBeNull();
    expect(summary.conflicts).toEqual([]);
    expect(rig.messages()).toEqual(['Ahead', 'Of the team', 'First version']);
    expect(ada.read(TEXT)).toBe(lines({ 1: 'of ada', 8: 'of ben' }));
    expect(ada.files()).toEqual(rig.files());
    expect(await ada.open()).toMatchObject({ queued: 0, edited: 0, version: rig.tip() });
  });
});
