import { existsSync, rmSync, writeFileSync } from 'node:fs';
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

test('killed while writing during connect: the whole library is there at the next start', async () => {
  const id = team.commit(version(1));
  // The signal races with the writer; a workspace in which the writer won proves nothing.
  for (let n = 0; n < 10 && !filesBelow(rig.dirs.journal).includes('library.json'); n += 1) {
    rig.close();
    rig = openLibrary(join(temp.path, `workspace-${n}`));
    const input = { dirs: rig.dirs, url: team.bare, credentials: null, now: 1 };
    await killDuring('clone', input, (phase) => phase === 'writing');
  }
  expect(existsSync(rig.dirs.library)).toBe(true);
  expect(filesBelow(rig.dirs.journal)).toContain('library.json');
  const status = await rig.service.status();
  expect(status).toMatchObject({ version: id, edited: 0, state: { kind: 'idle' } });
  for (const [path, text] of Object.entries(version(1))) expect(rig.read(path)).toBe(text);
  expect(filesBelow(rig.dirs.journal)).toEqual([]);
  fsck(rig.dirs);
});

test('a file that the person changed between crash and recovery is theirs', async () => {
  team.commit(version(1));
  await rig.service.connect({ kind: 'remote', url: team.bare });
  const id = team.commit(version(2));
  await killDuring(
    'update',
    { dirs: rig.dirs, credentials: null, now: 2 },
    (phase) => phase === 'writing',
  );
  writeFileSync(join(rig.dirs.files, 'f/0/0.md'), 'mine');
  rmSync(join(rig.dirs.files, 'f/1/1.md'));
  rig.close();
  rig = openLibrary(rig.root);
  expect(await rig.service.status()).toMatchObject({ version: id, edited: 2 });
  expect(rig.read('f/0/0.md')).toBe('mine');
  expect(rig.read('f/2/2.md')).toBe('2 of 2\n');
});
