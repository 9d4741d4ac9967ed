import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ObjectStore } from '../../../src-main/core/library/git/object-store.ts';
import { storeChanges } from '../../../src-main/core/library/local/local-changes.ts';
import { git } from '../../helpers/git-repo.ts';
import type { LibraryClient } from '../../helpers/library-rig-client.ts';
import { LibraryRig } from '../../helpers/library-rig.ts';
import { library } from './sync-library.helper.ts';

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

test('a name that the team took in another spelling meanwhile does not go out beside it', async () => {
  ada.put('prompts/Case.prompt.md', 'by Ada');
  ben.put('prompts/case.prompt.md', 'by Ben');
  await ada.publish();
  expect(await ben.publish()).toMatchObject({ state: 'nothing', published: [] });
  expect([...rig.files().keys()].filter((path) => /case/i.test(path))).toEqual([
    'prompts/Case.prompt.md',
  ]);
  expect(ben.read('prompts/case.prompt.md')).toBe('by Ben');
  const [change] = (await ben.preview()).changes;
  expect(change).toMatchObject({ path: 'prompts/case.prompt.md', change: 'added' });
  expect(change?.blocked).toContain('prompts/Case.prompt.md');
});

test('a version of which nothing is left but a conflict was not published', async () => {
  ada.put('README.md', 'by Ada');
  ben.put('README.md', 'by Ben');
  await ada.publish();
  const { state, update } = await ben.publish();
  expect({ state, conflicts: update.conflicts }).toEqual({
    state: 'nothing',
    conflicts: ['README.md'],
  });
  expect(rig.messages()).toHaveLength(2);
});

test('a file that the team made a link of is not deleted there by who removes the old file here', async () => {
  const { work } = rig.team;
  rmSync(join(work, 'README.md'));
  symlinkSync('elsewhere', join(work, 'README.md'));
  git(work, 'add', '-A');
  git(work, 'commit', '-q', '-m', 'A link');
  git(work, 'push', '-q', 'origin', 'HEAD:main');
  await ada.update();
  ada.remove('README.md');
  await ada.publish();
  expect(git(rig.bare, 'ls-tree', 'refs/heads/main', 'README.md')).toMatch(/^120000 /);
});

test('a file that is away for a moment while it is saved is not a deletion', async () => {
  ada.remove('README.md');
  const store = await ObjectStore.open(ada.dirs.library);
  const stored = await storeChanges(store, ada.dirs.files, [
    { path: 'README.md', change: 'modified' },
  ]);
  expect([...stored]).toEqual([]);
});
