import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LibraryClient } from '../../helpers/library-rig-client.ts';
import { LibraryRig } from '../../helpers/library-rig.ts';
import { git } from '../../helpers/git-repo.ts';

let rig: LibraryRig;
let ada: LibraryClient;

/** Few enough that the tenth part counts, not the twenty. */
const FILES = 50;
const many = (text: string | null, from: number, count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`f/${from + n}.md`, text]));

beforeEach(async () => {
  const files = Array.from({ length: FILES }, (_, n) => [`f/${n}.md`, `text ${n}\n`] as const);
  rig = await LibraryRig.connected(Object.fromEntries(files), ['ada']);
  ada = rig.client(0);
});
afterEach(() => {
  try {
    rig.account();
  } finally {
    rig.close();
  }
});

describe('a version of the team that deletes', () => {
  test('up to a tenth is taken', async () => {
    rig.push(many(null, 0, 5));
    expect((await ada.update()).summary.state).toBe('updated');
    expect(ada.list()).toHaveLength(45);
  });

  test('more than that waits for a yes, for this version only', async () => {
    const before = await ada.open();
    const held = rig.push({ ...many(null, 0, 6), 'f/new.md': 'new' });
    expect((await ada.update()).summary).toMatchObject({ state: 'held', changed: [] });
    expect(ada.list()).toHaveLength(50);
    expect(await ada.open()).toMatchObject({
      version: before?.version,
      held: { direction: 'update', version: held, deletions: 6, files: 50 },
    });

    const next = rig.push(many(null, 6, 1));
    expect((await ada.update(held)).summary.state).toBe('held');
    expect(ada.list()).toHaveLength(50);
    expect(await ada.open()).toMatchObject({ held: { version: next, deletions: 7 } });

    expect((await ada.update(next)).summary.state).toBe('updated');
    expect(ada.files()).toEqual(rig.files());
    expect(await ada.open()).toMatchObject({ version: next, held: null });
  });

  test('it is no longer held where the team puts it right', async () => {
    rig.push(many(null, 0, 20));
    await ada.update();
    rig.push(
      Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`f/${n}.md`, `text ${n}\n`])),
    );
    expect((await ada.update()).summary.conflicts).toEqual([]);
    expect(await ada.open()).toMatchObject({ held: null, version: rig.tip() });
    expect(ada.files()).toEqual(rig.files());
  });
});

test('of a large library twenty files are taken, not one more', async () => {
  rig.push(many('filler', 100, 300));
  await ada.update();
  rig.push(many(null, 100, 20));
  expect((await ada.update()).summary.state).toBe('updated');
  rig.push(many(null, 200, 21));
  expect((await ada.update()).summary.state).toBe('held');
  expect(await ada.open()).toMatchObject({ held: { deletions: 21, files: 330 } });
});

test('what is published meanwhile waits until somebody looked at the deletions', async () => {
  const version = rig.push(many(null, 0, 6));
  ada.put('f/10.md', 'of ada');
  expect(await ada.publish({ message: 'Mine' })).toMatchObject({
    state: 'queued',
    waitsFor: { code: 'library/held' },
  });
  expect(ada.list()).toHaveLength(50);
  expect(await ada.open()).toMatchObject({ queued: 1, held: { direction: 'update', version } });
  expect(await ada.update(version)).toMatchObject({ unsent: null });
  expect(rig.messages()).toEqual(['Mine', 'By the team', 'First version']);
  expect(ada.files()).toEqual(rig.files());
  expect(ada.read('f/10.md')).toBe('of ada');
});

describe('a version of mine that deletes', () => {
  test('up to a tenth goes out', async () => {
    for (let n = 0; n < 5; n += 1) ada.remove(`f/${n}.md`);
    expect((await ada.publish()).state).toBe('published');
    expect(rig.files().size).toBe(45);
  });

  test('more than that asks first', async () => {
    for (let n = 0; n < 6; n += 1) ada.remove(`f/${n}.md`);
    const tip = rig.tip();
    expect(await ada.publish()).toMatchObject({ state: 'held', published: [] });
    expect(rig.tip()).toBe(tip);
    expect(await ada.open()).toMatchObject({
      held: { direction: 'publish', deletions: 6, files: 50 },
      queued: 0,
    });
    expect(await ada.publish({ allowDeletions: true })).toMatchObject({ state: 'published' });
    expect(rig.files().size).toBe(44);
    expect(await ada.open()).toMatchObject({ held: null });
  });

  test('so does a roll-back', async () => {
    const first = rig.tip();
    rig.push(many('more', 100, 20));
    await ada.update();
    expect(await ada.rollback(first, null, false)).toMatchObject({ state: 'held' });
    expect(ada.list()).toHaveLength(70);
    expect(await ada.rollback(first, null, true)).toMatchObject({ state: 'published' });
    expect(ada.list()).toHaveLength(50);
    expect(ada.files()).toEqual(rig.files());
  });

  test('a file that moved is not deleted', async () => {
    for (let n = 0; n < 30; n += 1) ada.rename(`f/${n}.md`, `g/${n}.md`);
    expect(await ada.publish()).toMatchObject({ state: 'published' });
    expect(rig.files()).toEqual(ada.files());
    expect(rig.files().size).toBe(50);
  });
});

describe('a remote that has nothing of what is here', () => {
  const unchanged = async (code: string): Promise<void> => {
    const [files, version] = [ada.files(), git(ada.dirs.library, 'rev-parse', 'refs/app/trusted')];
    ada.put('f/0.md', 'mine');
    await expect(ada.update()).rejects.toMatchObject({ code });
    await expect(ada.check()).rejects.toMatchObject({ code });
    expect(ada.files()).toEqual(new Map([...files, ['f/0.md', ada.files().get('f/0.md')]]));
    expect(git(ada.dirs.library, 'rev-parse', 'refs/app/trusted')).toBe(version);
  };

  test('emptied', async () => {
    git(rig.bare, 'update-ref', '-d', 'refs/heads/main');
    await unchanged('library/empty-remote');
    git(
      rig.bare,
      'update-ref',
      'refs/heads/main',
      git(ada.dirs.library, 'rev-parse', 'refs/app/trusted'),
    );
  });

  test('of another history', async () => {
    const { work } = rig.team;
    git(work, 'checkout', '-q', '--orphan', 'other');
    git(work, 'commit', '-q', '-m', 'Unrelated');
    git(work, 'push', '-q', '--force', 'origin', 'HEAD:main');
    await unchanged('library/diverged');
  });

  test('gone back', async () => {
    const first = rig.tip();
    rig.push({ 'f/0.md': 'second' });
    await ada.update();
    git(rig.team.work, 'push', '-q', '--force', 'origin', `${first}:main`);
    await unchanged('library/diverged');
  });

  test('with one commit rewritten', async () => {
    git(rig.team.work, 'commit', '-q', '--amend', '-m', 'Rewritten');
    rig.team.push('--force');
    await unchanged('library/diverged');
  });

  test('another remote by its address', async () => {
    const other = LibraryRig.empty([]);
    try {
      other.team.commit({ 'only.md': 'of others' });
      await ada.setRemote(other.bare);
      await unchanged('library/diverged');
      await expect(ada.publish()).resolves.toMatchObject({ state: 'queued' });
      expect(other.files().size).toBe(1);
    } finally {
      other.close();
    }
  });
});
