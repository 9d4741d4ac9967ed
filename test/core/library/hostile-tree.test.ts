import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLibrary, type LibraryRig } from '../../helpers/git-library.ts';
import { git, gitIn, TeamRepo, tempDir } from '../../helpers/git-repo.ts';
import { libraryHealth } from '../../../src-main/core/library/library-health.ts';

let temp: ReturnType<typeof tempDir>;
let team: TeamRepo;
let rig: LibraryRig;

beforeEach(() => {
  temp = tempDir();
  team = new TeamRepo(temp.path);
  team.commit({ 'README.md': 'here' });
  rig = openLibrary(join(temp.path, 'workspace'));
});
afterEach(() => {
  rig.close();
  temp.remove();
});

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
  const { status } = await rig.service.connect({ kind: 'remote', url: team.bare });

  expect(status.state).toEqual({ kind: 'idle' });
  expect(rig.list()).toEqual(
    ['Case.md', 'Folder/inner.md', 'caf\u00e9.md', 'good.md', 'run.sh'].toSorted(),
  );
  expect(readdirSync(temp.path).toSorted()).toEqual(['team-work', 'team.git', 'workspace']);
  expect(readdirSync(rig.root).toSorted()).toEqual(['files', 'journal', 'library']);
  expect(existsSync('/absolute.md')).toBe(false);
  const refused = rig.service.refused;
  expect(refused).toHaveLength(bad.length + 1 + 2 + 1 + 1 + 1 + 1 + 1);
  for (const { path, reason } of refused) expect(path + reason).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(refused).toContainEqual({ path: 'link.md', reason: 'it is a symbolic link' });
  expect(refused).toContainEqual({
    path: 'module',
    reason: 'it is a link to another repository',
  });
  const items = await rig.service.items();
  expect(items.find(({ path }) => path === 'aux.md')).toMatchObject({
    state: 'deleted',
    problems: ['Not written here: its name is a device of Windows.'],
  });
  expect(status.edited).toBe(0);
  const [check] = await libraryHealth(rig.service).checks();
  expect(check).toMatchObject({ state: 'warn', value: refused.length });
});

test('of names that only differ in case the one that is here stays', async () => {
  const blob = team.blob('one');
  team.commitTree([file('readme.md', blob)]);
  await rig.service.connect({ kind: 'remote', url: team.bare });
  team.commitTree([file('README.md', team.blob('two')), file('readme.md', blob)]);
  const { summary } = await rig.service.update();
  expect(summary.changed).toEqual([]);
  expect(rig.list()).toEqual(['readme.md']);
  expect(rig.service.refused.map(({ path }) => path)).toEqual(['README.md']);
});

test('a file that becomes a link upstream stays as it is', async () => {
  await rig.service.connect({ kind: 'remote', url: team.bare });
  team.commitTree([{ mode: '120000', name: 'README.md', oid: team.blob('/etc/passwd') }]);
  await rig.service.update();
  expect(rig.read('README.md')).toBe('here');
});

test('a name twice in one folder is refused as a whole', async () => {
  const blob = team.blob('x');
  team.commitTree([file('a.md', blob), file('a.md', team.blob('y'))]);
  await expect(rig.service.connect({ kind: 'remote', url: team.bare })).rejects.toMatchObject({
    code: 'library/bad-pack',
  });
  expect(await rig.service.status()).toMatchObject({ version: null, state: { kind: 'failed' } });
  expect(existsSync(rig.dirs.library)).toBe(false);
});

test('nested trees without end are refused', async () => {
  const blob = team.blob('x');
  let tree = gitIn(team.work, `100644 blob ${blob}\tf\n`, 'mktree');
  for (let level = 0; level < 6; level += 1) {
    const lines = Array.from({ length: 10 }, (_, n) => `040000 tree ${tree}\td${n}\n`).join('');
    tree = gitIn(team.work, lines, 'mktree');
  }
  team.commitTree([{ mode: '40000', name: 'bomb', oid: tree }]);
  await expect(rig.service.connect({ kind: 'remote', url: team.bare })).rejects.toMatchObject({
    code: 'library/too-large',
  });
});

test('a file over the cap is not written, the rest is', async () => {
  team.commit({ 'big.bin': Buffer.alloc(10 * 1024 * 1024 + 1), 'small.md': 'x' });
  await rig.service.connect({ kind: 'remote', url: team.bare });
  expect(rig.list()).toEqual(['README.md', 'small.md']);
  expect(rig.service.refused).toEqual([{ path: 'big.bin', reason: 'it is larger than 10 MB' }]);
});
