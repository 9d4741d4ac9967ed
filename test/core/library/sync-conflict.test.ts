import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LibraryClient } from '../../helpers/library-rig-client.ts';
import { LibraryRig } from '../../helpers/library-rig.ts';
import { library, lines, TEXT, trashed } from './sync-library.helper.ts';

let rig: LibraryRig;
let ada: LibraryClient;

const MINE = lines({ 4: 'of ada' });
const THEIRS = lines({ 4: 'of ben' });

beforeEach(async () => {
  rig = await LibraryRig.connected(library, ['ada']);
  ada = rig.client(0);
});
afterEach(() => {
  try {
    rig.account();
  } finally {
    rig.close();
  }
});

async function conflictIn(mine: string | null, theirs: string | null): Promise<void> {
  if (mine === null) ada.remove(TEXT);
  else ada.put(TEXT, mine);
  rig.push({ [TEXT]: theirs });
  await ada.update();
  expect((await ada.conflicts()).map(({ path }) => path)).toEqual([TEXT]);
}

describe('while it waits', () => {
  beforeEach(() => conflictIn(MINE, THEIRS));

  test('it is there again for a new process, and after an update without news', async () => {
    expect(await ada.open()).toMatchObject({ conflicts: 1 });
    expect((await ada.update()).summary.conflicts).toEqual([TEXT]);
    expect(await ada.conflict(TEXT)).toMatchObject({ mineText: MINE, theirsText: THEIRS });
    expect(ada.read(TEXT)).toBe(MINE);
  });

  test('mine may be edited further', async () => {
    ada.put(TEXT, `${MINE}more\n`);
    expect(await ada.conflict(TEXT)).toMatchObject({ mineText: `${MINE}more\n` });
    await ada.update();
    expect(ada.read(TEXT)).toBe(`${MINE}more\n`);
  });

  test('unrelated items are published, the conflict is left out', async () => {
    ada.put('README.md', 'unrelated');
    const { changes } = await ada.preview();
    expect(changes).toMatchObject(
      [
        { path: TEXT, blocked: expect.stringMatching(/./) },
        { path: 'README.md', change: 'modified', blocked: null },
      ].toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    );
    const { state, published } = await ada.publish();
    expect(state).toBe('published');
    expect(published).toEqual([{ path: 'README.md', change: 'modified' }]);
    expect(rig.files().get('README.md')).toBe(ada.files().get('README.md'));
    expect(`${rig.show(TEXT)}\n`).toBe(THEIRS);
    expect(await ada.conflicts()).toHaveLength(1);
  });

  test('it ends where the team goes back', async () => {
    rig.push({ [TEXT]: lines({}) });
    expect((await ada.update()).summary.conflicts).toEqual([]);
    expect(await ada.conflicts()).toEqual([]);
    expect(ada.read(TEXT)).toBe(MINE);
    expect(await ada.open()).toMatchObject({ conflicts: 0, edited: 1 });
  });

  test('it ends where the team takes the same bytes', async () => {
    rig.push({ [TEXT]: MINE });
    expect((await ada.update()).summary.conflicts).toEqual([]);
    expect(await ada.open()).toMatchObject({ conflicts: 0, edited: 0 });
  });

  test('it follows the team’s next version', async () => {
    rig.push({ [TEXT]: lines({ 4: 'of ben again' }) });
    await ada.update();
    expect(await ada.conflict(TEXT)).toMatchObject({ theirsText: lines({ 4: 'of ben again' }) });
    rig.push({ [TEXT]: null });
    await ada.update();
    expect(await ada.conflicts()).toMatchObject([{ kind: 'deleted-there', theirs: null }]);
    expect(ada.read(TEXT)).toBe(MINE);
  });
});

describe('resolved', () => {
  test('mine: it is an edit of the team’s version', async () => {
    await conflictIn(MINE, THEIRS);
    await ada.resolve(TEXT, { kind: 'mine' });
    expect(await ada.open()).toMatchObject({ conflicts: 0, edited: 1 });
    expect(ada.read(TEXT)).toBe(MINE);
    expect((await ada.publish()).state).toBe('published');
    expect(rig.files()).toEqual(ada.files());
  });

  test('theirs: mine is in the trash', async () => {
    await conflictIn(MINE, THEIRS);
    await ada.resolve(TEXT, { kind: 'theirs' });
    expect(await ada.open()).toMatchObject({ conflicts: 0, edited: 0 });
    expect(ada.read(TEXT)).toBe(THEIRS);
    expect(trashed(ada)).toEqual([{ path: TEXT, why: 'resolved', text: MINE }]);
    expect((await ada.publish()).state).toBe('nothing');
  });

  test('a text of its own: mine is in the trash', async () => {
    await conflictIn(MINE, THEIRS);
    const text = lines({ 4: 'of both' });
    await ada.resolve(TEXT, { kind: 'text', text });
    expect(ada.read(TEXT)).toBe(text);
    expect(trashed(ada)).toEqual([{ path: TEXT, why: 'resolved', text: MINE }]);
    expect(await ada.open()).toMatchObject({ conflicts: 0, edited: 1 });
    await ada.publish();
    expect(rig.files()).toEqual(ada.files());
  });

  test('deleted here, theirs: it is back', async () => {
    await conflictIn(null, THEIRS);
    await ada.resolve(TEXT, { kind: 'theirs' });
    expect(ada.read(TEXT)).toBe(THEIRS);
    expect(await ada.open()).toMatchObject({ conflicts: 0, edited: 0 });
  });

  test('deleted here, mine: it goes with the next version', async () => {
    await conflictIn(null, THEIRS);
    await ada.resolve(TEXT, { kind: 'mine' });
    expect(await ada.open()).toMatchObject({ conflicts: 0 });
    expect((await ada.publish()).published).toEqual([{ path: TEXT, change: 'deleted' }]);
    expect(rig.files().has(TEXT)).toBe(false);
  });

  test('deleted there, mine: it is added again', async () => {
    await conflictIn(MINE, null);
    await ada.resolve(TEXT, { kind: 'mine' });
    expect(ada.read(TEXT)).toBe(MINE);
    expect((await ada.publish()).published).toEqual([{ path: TEXT, change: 'added' }]);
    expect(rig.files()).toEqual(ada.files());
  });

  test('deleted there, theirs: it is in the trash', async () => {
    await conflictIn(MINE, null);
    await ada.resolve(TEXT, { kind: 'theirs' });
    expect(ada.has(TEXT)).toBe(false);
    expect(trashed(ada)).toEqual([{ path: TEXT, why: 'resolved', text: MINE }]);
    expect((await ada.publish()).state).toBe('nothing');
  });

  test('a file of mine in the place of their folder, both ways', async () => {
    for (const kind of ['mine', 'theirs'] as const) {
      const place = `place-${kind}`;
      ada.put(place, `of ada, ${kind}\n`);
      rig.push({ [`${place}/inner.md`]: 'of ben\n' });
      await ada.update();
      const [path = ''] = (await ada.conflicts()).map((each) => each.path);
      await ada.resolve(path, { kind });
      expect(await ada.conflicts()).toEqual([]);
      if (kind === 'mine') expect(ada.read(place)).toBe('of ada, mine\n');
      else expect(ada.read(`${place}/inner.md`)).toBe('of ben\n');
      await ada.publish();
      expect(ada.files()).toEqual(rig.files());
    }
  });

  test('a folder of mine in the place of their file, both ways', async () => {
    for (const kind of ['mine', 'theirs'] as const) {
      const place = `place-${kind}`;
      ada.put(`${place}/inner.md`, `of ada, ${kind}\n`);
      rig.push({ [place]: 'of ben\n' });
      await ada.update();
      const [path = ''] = (await ada.conflicts()).map((each) => each.path);
      await ada.resolve(path, { kind });
      expect(await ada.conflicts()).toEqual([]);
      if (kind === 'mine') expect(ada.read(`${place}/inner.md`)).toBe('of ada, mine\n');
      else expect(ada.read(place)).toBe('of ben\n');
      await ada.publish();
      expect(ada.files()).toEqual(rig.files());
    }
  });

  test('what has no conflict can’t be resolved', async () => {
    await expect(ada.resolve(TEXT, { kind: 'mine' })).rejects.toMatchObject({
      code: 'library/not-in-conflict',
    });
  });

  test('a text that is not an item’s path is refused', async () => {
    for (const path of ['../outside.md', '/outside.md', '.git/config']) {
      await expect(ada.resolve(path, { kind: 'text', text: 'x' })).rejects.toMatchObject({
        code: expect.stringMatching(/^library\//),
      });
    }
  });
});
