import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { filesBelow, fsck, openLibrary, type LibraryRig } from '../../helpers/git-library.ts';
import { TeamRepo, tempDir } from '../../helpers/git-repo.ts';
import { killChild, killDuring, PATIENCE_MS, version } from './crash.helper.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

let temp: ReturnType<typeof tempDir>;
let team: TeamRepo;
let rig: LibraryRig;

beforeEach(() => {
  temp = tempDir();
  team = new TeamRepo(temp.path);
  rig = openLibrary(join(temp.path, 'workspace'));
});
afterEach(() => {
  killChild();
  rig.close();
  temp.remove();
});

test.each([
  ['while asking', (phase: string) => phase === 'checking'],
  ['while fetching', (phase: string) => phase === 'fetching'],
  ['while verifying', (phase: string) => phase === 'verifying'],
])('killed %s during connect: there is no library, and connecting works', async (_when, when) => {
  team.commit(version(1));
  const input = { dirs: rig.dirs, url: team.bare, credentials: null, now: 1 };
  await killDuring('clone', input, when);
  const status = await rig.service.status();
  if (status.version === null) {
    expect(status.state).toEqual({ kind: 'none' });
    expect(filesBelow(rig.root)).toEqual([]);
    await rig.service.connect({ kind: 'remote', url: team.bare });
  }
  expect(rig.list()).toEqual(Object.keys(version(1)).toSorted());
  fsck(rig.dirs);
});

test('killed again and again during updates: every file is the team’s or the person’s, never lost', async () => {
  team.commit(version(1));
  await rig.service.connect({ kind: 'remote', url: team.bare });
  const mine = join(rig.dirs.files, 'f/3/3.md');
  writeFileSync(mine, 'mine');
  const phases = ['fetching', 'verifying', 'writing', 'writing'];
  let halfWritten = 0;
  for (const [round, phase] of phases.entries()) {
    const n = round + 2;
    const gone = `f/${(round + 40) % 7}/${round + 40}.md`;
    const id = team.commit({ ...version(n), [gone]: null });
    await killDuring(
      'update',
      { dirs: rig.dirs, credentials: null, now: n },
      (now) => now === phase,
    );
    if (filesBelow(rig.dirs.journal).includes('library.json')) halfWritten += 1;
    rig.close();
    rig = openLibrary(rig.root);
    await rig.service.start();
    expect(rig.service.state).toEqual({ kind: 'idle' });
    fsck(rig.dirs);
    const { status } = await rig.service.update();
    expect(status).toMatchObject({ version: id, edited: 1 });
    for (const [path, text] of Object.entries(version(n))) {
      if (path === 'f/3/3.md') expect(rig.read(path)).toBe('mine');
      else if (path === gone) expect(rig.has(path)).toBe(false);
      else expect(rig.read(path)).toBe(text);
    }
    fsck(rig.dirs);
  }
  expect(halfWritten).toBeGreaterThan(0);
  expect(readFileSync(mine, 'utf8')).toBe('mine');
});
