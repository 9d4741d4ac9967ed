import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fsckStrict } from '../../helpers/git-fsck.ts';
import { git, gitIn, type TeamRepo } from '../../helpers/git-repo.ts';
import type { LibraryClient } from '../../helpers/library-rig-client.ts';
import { LibraryRig } from '../../helpers/library-rig.ts';
import { items } from '../../../src-main/core/library/jobs/items/items.ts';

let rig: LibraryRig;
let team: TeamRepo;
let ada: LibraryClient;

beforeEach(() => {
  rig = LibraryRig.empty(['ada']);
  team = rig.team;
  team.commit({ 'README.md': 'here' });
  ada = rig.client(0);
});
afterEach(() => rig.close());

const file = (name: string | Buffer, oid: string) => ({ mode: '100644', name, oid });

test('writes no bad name, link or submodule, lists each with its reason, and writes the rest', async () => {
  const blob = team.blob('hostile');
  const folder = gitIn(team.work, `100644 blob ${blob}\tinner.md\n`, 'mktree');
  const link = team.blob('../../outside');
  const commit = git(team.work, 'rev-parse', 'HEAD');
  const bad = [
    'CON',
    'aux.md',
    'nul.tar.gz',
    'COM1',
    'lpt\u00b9.txt',
    'x:ads',
    'C:',
    'trailing.',
    'space ',
    'line\nbreak.md',
    'tab\t.md',
    '\u202egnp.md',
    'zero\u200bwidth.md',
    '\ufeffbom.md',
    'back\\slash',
    'star*.md',
    'pipe|.md',
    '..',
    '.',
    '.git',
    '.GIT',
    'git~1',
    '.g\u200cit',
    'a/b',
    '../escape.md',
    '/absolute.md',
    'n'.repeat(256),
  ];
  team.commitTree([
    ...bad.map((name) => file(name, blob)),
    file(Buffer.from([0xff, 0xfe, 0x2e]), blob),
    file('Case.md', blob),
    file('case.md', blob),
    file('caf\u00e9.md', blob),
    file('cafe\u0301.md', blob),
    { mode: '40000', name: '.git ', oid: folder },
    { mode: '40000', name: 'Folder', oid: folder },
    { mode: '40000', name: 'folder', oid: folder },
    { mode: '120000', name: 'link.md', oid: link },
    { mode: '160000', name: 'module', oid: commit },
    { mode: '100664', name: 'oldmode.md', oid: blob },
    { mode: '100755', name: 'run.sh', oid: blob },
    file('good.md', blob),
  ]);
  await ada.connect(team.bare);

  expect(ada.list()).toEqual(
    ['Case.md', 'Folder/inner.md', 'caf\u00e9.md', 'good.md', 'run.sh'].toSorted(),
  );
  expect(readdirSync(rig.root).toSorted()).toEqual(['ada', 'team-work', 'team.git']);
  expect(readdirSync(dirname(ada.dirs.files)).toSorted()).toEqual(['files', 'journal', 'library']);
  expect(existsSync('/absolute.md')).toBe(false);
  const overview = await ada.open();
  const refused = overview?.refused ?? [];
  expect(refused).toHaveLength(bad.length + 1 + 2 + 1 + 1 + 1 + 1 + 1);
  for (const { path, reason } of refused) expect(path + reason).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(refused).toContainEqual({ path: 'link.md', reason: 'it is a symbolic link' });
  expect(refused).toContainEqual({ path: 'module', reason: 'it is a link to another repository' });
  const list = items({ dirs: ada.dirs, kind: null }, new Map());
  expect(list.find(({ path }) => path === 'aux.md')).toMatchObject({
    state: 'quarantined',
    problems: ['aux.md is not written here: its name is a device of Windows.'],
  });
  expect(overview).toMatchObject({ edited: 0, conflicts: 0 });
  expect((await ada.preview()).changes).toEqual([]);
});

test('what is not written here stays in the versions that are made here', async () => {
  const blob = team.blob('hostile');
  const link = team.blob('../outside');
  team.commitTree([
    file('aux.md', blob),
    file('good.md', blob),
    { mode: '120000', name: 'link.md', oid: link },
    { mode: '100755', name: 'run.sh', oid: blob },
  ]);
  await ada.connect(team.bare);
  ada.put('good.md', 'edited');
  ada.put('own.md', 'added');
  await ada.publish();
  expect(git(team.bare, 'ls-tree', '-r', '--format=%(objectmode) %(path)', 'main')).toBe(
    '100644 aux.md\n100644 good.md\n120000 link.md\n100644 own.md\n100755 run.sh',
  );
  rig.account();
});

test('of names that only differ in case the one that is here stays', async () => {
  const blob = team.blob('one');
  team.commitTree([file('readme.md', blob)]);
  await ada.connect(team.bare);
  team.commitTree([file('README.md', team.blob('two')), file('readme.md', blob)]);
  const { summary } = await ada.update();
  expect(summary.changed).toEqual([]);
  expect(ada.list()).toEqual(['readme.md']);
  expect((await ada.open())?.refused.map(({ path }) => path)).toEqual(['README.md']);
});

test('a file that becomes a link upstream stays as it is', async () => {
  await ada.connect(team.bare);
  team.commitTree([{ mode: '120000', name: 'README.md', oid: team.blob('/etc/passwd') }]);
  await ada.update();
  expect(ada.read('README.md')).toBe('here');
});

test('a name twice in one folder is refused as a whole', async () => {
  const blob = team.blob('x');
  team.commitTree([file('a.md', blob), file('a.md', team.blob('y'))]);
  await expect(ada.connect(team.bare)).rejects.toMatchObject({
    code: 'library/bad-pack',
  });
  expect(await ada.open()).toBeNull();
  expect(existsSync(ada.dirs.library)).toBe(false);
});

test('nested trees without end are refused', async () => {
  const blob = team.blob('x');
  let tree = gitIn(team.work, `100644 blob ${blob}\tf\n`, 'mktree');
  for (let level = 0; level < 6; level += 1) {
    const lines = Array.from({ length: 10 }, (_, n) => `040000 tree ${tree}\td${n}\n`).join('');
    tree = gitIn(team.work, lines, 'mktree');
  }
  team.commitTree([{ mode: '40000', name: 'bomb', oid: tree }]);
  await expect(ada.connect(team.bare)).rejects.toMatchObject({ code: 'library/too-large' });
  expect(existsSync(ada.dirs.library)).toBe(false);
});

test('a file over the cap is not written, the rest is', async () => {
  team.commit({ 'big.bin': Buffer.alloc(10 * 1024 * 1024 + 1), 'small.md': 'x' });
  await ada.connect(team.bare);
  expect(ada.list()).toEqual(['README.md', 'small.md']);
  expect((await ada.open())?.refused).toEqual([
    { path: 'big.bin', reason: 'it is larger than 10 MB' },
  ]);
  fsckStrict(ada.dirs.library);
});
