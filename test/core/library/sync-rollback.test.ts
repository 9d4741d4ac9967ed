import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LibraryClient } from '../../helpers/library-rig-client.ts';
import { LibraryRig } from '../../helpers/library-rig.ts';
import { library, lines, TEXT, trashed } from './sync-library.helper.ts';

let rig: LibraryRig;
let ada: LibraryClient;
let first: string;

beforeEach(async () => {
  rig = await LibraryRig.connected(library, ['ada']);
  ada = rig.client(0);
  first = rig.tip();
});
afterEach(() => {
  try {
    rig.account();
  } finally {
    rig.close();
  }
});

describe('rollback', () => {
  test('of the library: a new version with the old files', async () => {
    const before = ada.files();
    rig.push({ [TEXT]: 'second', 'new.md': 'new', 'agents/reviewer.agent.md': null });
    await ada.update();
    const { state, version, published } = await ada.rollback(first);
    expect(state).toBe('published');
    expect(published).toEqual([
      { path: 'agents/reviewer.agent.md', change: 'added' },
      { path: TEXT, change: 'modified' },
      { path: 'new.md', change: 'deleted' },
    ]);
    expect(ada.files()).toEqual(before);
    expect(rig.files()).toEqual(before);
    expect(rig.tip()).toBe(version);
    expect(rig.messages()).toHaveLength(3);
  });

  test('of one item: the others stay', async () => {
    rig.push({ [TEXT]: 'second', 'README.md': 'second' });
    await ada.update();
    const { published } = await ada.rollback(first, TEXT);
    expect(published).toEqual([{ path: TEXT, change: 'modified' }]);
    expect(ada.read(TEXT)).toBe(lines({}));
    expect(ada.read('README.md')).toBe('second');
    expect(rig.files()).toEqual(ada.files());
  });

  test('of one item that was not there then, and of one that is gone now', async () => {
    rig.push({ [TEXT]: null, 'new.md': 'new' });
    await ada.update();
    await ada.rollback(first, 'new.md');
    expect(ada.has('new.md')).toBe(false);
    await ada.rollback(first, TEXT);
    expect(ada.read(TEXT)).toBe(lines({}));
    expect(rig.files()).toEqual(ada.files());
  });

  test('keeps edits elsewhere, unpublished', async () => {
    rig.push({ [TEXT]: 'second' });
    await ada.update();
    ada.put('README.md', 'of ada');
    ada.put('own.md', 'of ada');
    await ada.rollback(first, TEXT);
    expect(ada.read('README.md')).toBe('of ada');
    expect(rig.files().has('own.md')).toBe(false);
    expect(await ada.open()).toMatchObject({ edited: 2, conflicts: 0 });
  });

  test('merges with an edit of the same file, or waits', async () => {
    rig.push({ [TEXT]: lines({ 8: 'second' }) });
    await ada.update();
    ada.put(TEXT, lines({ 1: 'of ada', 8: 'second' }));
    const { update } = await ada.rollback(first, TEXT);
    expect(ada.read(TEXT)).toBe(lines({ 1: 'of ada' }));
    expect(trashed(ada).map(({ text }) => text)).toContain(lines({ 1: 'of ada', 8: 'second' }));
    expect(update.conflicts).toEqual([]);

    rig.push({ [TEXT]: lines({ 4: 'third' }) });
    await ada.update();
    ada.put(TEXT, lines({ 1: 'of ada', 4: 'of ada too' }));
    await ada.rollback(first, TEXT);
    expect(ada.read(TEXT)).toBe(lines({ 1: 'of ada', 4: 'of ada too' }));
    expect(await ada.conflicts()).toMatchObject([{ path: TEXT, kind: 'text' }]);
    expect(`${rig.show(TEXT)}\n`).toBe(lines({}));
  });

  test('without the remote it waits like any version', async () => {
    rig.push({ [TEXT]: 'second' });
    await ada.update();
    expect((await rig.away(() => ada.rollback(first))).state).toBe('queued');
    expect(ada.read(TEXT)).toBe(lines({}));
    expect(await ada.update()).toMatchObject({ unsent: null });
    expect(rig.files()).toEqual(ada.files());
  });

  test('to the version that is here is nothing; to an unknown one an error', async () => {
    expect(await ada.rollback(first)).toMatchObject({ state: 'nothing' });
    await expect(ada.rollback('0'.repeat(39) + '1')).rejects.toMatchObject({
      code: 'library/unknown-version',
    });
  });

  test('to a version that is not of this library’s history is an error', async () => {
    const other = rig.team.blob('no commit');
    await expect(ada.rollback(other)).rejects.toMatchObject({ code: 'library/unknown-version' });
  });
});

describe('discard', () => {
  test('an edit: the version that is here is back, the edit is in the trash', async () => {
    ada.put(TEXT, 'of ada');
    const entries = await ada.discard(TEXT);
    expect(entries).toMatchObject([{ path: TEXT, why: 'discarded', size: 6 }]);
    expect(ada.read(TEXT)).toBe(lines({}));
    expect(trashed(ada)).toEqual([{ path: TEXT, why: 'discarded', text: 'of ada' }]);
    expect(await ada.open()).toMatchObject({ edited: 0 });
  });

  test('an added file goes to the trash, a deleted one comes back', async () => {
    ada.put('own.md', 'of ada');
    ada.remove(TEXT);
    await ada.discard('own.md');
    expect(await ada.discard(TEXT)).toEqual([]);
    expect(ada.has('own.md')).toBe(false);
    expect(ada.files()).toEqual(rig.files());
    expect(trashed(ada)).toEqual([{ path: 'own.md', why: 'discarded', text: 'of ada' }]);
  });

  test('what waits for a decision takes the version that is here', async () => {
    ada.put(TEXT, 'of ada');
    rig.push({ [TEXT]: 'of ben' });
    await ada.update();
    await ada.discard(TEXT);
    expect(ada.read(TEXT)).toBe('of ben');
    expect(await ada.conflicts()).toEqual([]);
    expect(trashed(ada).map(({ text }) => text)).toContain('of ada');
  });

  test('of a queued version takes that', async () => {
    ada.put(TEXT, 'queued');
    await rig.away(() => ada.publish());
    ada.put(TEXT, 'later');
    await ada.discard(TEXT);
    expect(ada.read(TEXT)).toBe('queued');
  });

  test('an unchanged file stays and nothing is trashed', async () => {
    expect(await ada.discard('README.md')).toEqual([]);
    expect(trashed(ada)).toEqual([]);
    expect(ada.files()).toEqual(rig.files());
  });
});
