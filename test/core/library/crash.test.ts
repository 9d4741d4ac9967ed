import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { GitJobs } from '../../../src-main/core/library/git-jobs.ts';
import type { FromWorker, ToWorker } from '../../../src-main/core/shared/worker-protocol.ts';
import {
  filesBelow,
  fsck,
  gitWorker,
  openLibrary,
  type LibraryRig,
} from '../../helpers/git-library.ts';
import { TeamRepo, tempDir } from '../../helpers/git-repo.ts';

/** Several batches of the writer, so that there is a middle to be killed in. */
const FILES = 200;
/** Ten times what these take on an idle machine: each starts several processes. */
const PATIENCE_MS = 100_000;
vi.setConfig({ testTimeout: PATIENCE_MS });

let temp: ReturnType<typeof tempDir>;
let team: TeamRepo;
let rig: LibraryRig;
let child: ChildProcess | null;

beforeEach(() => {
  temp = tempDir();
  team = new TeamRepo(temp.path);
  rig = openLibrary(join(temp.path, 'workspace'));
  child = null;
});
afterEach(() => {
  child?.kill('SIGKILL');
  rig.close();
  temp.remove();
});

/** Runs one job in a process of its own and kills that (SIGKILL) when `when` says so. Resolves once it is dead. */
async function killDuring<K extends keyof GitJobs>(
  job: K,
  input: GitJobs[K]['input'],
  when: (phase: string, done: number) => boolean,
): Promise<void> {
  const worker = fork(gitWorker, [], { serialization: 'advanced' });
  child = worker;
  const dead = once(worker, 'exit');
  worker.on('message', (message: FromWorker) => {
    if (message.t === 'progress') {
      const { phase, done } = message.progress as GitJobs['update']['progress'];
      if (when(phase, done)) worker.kill('SIGKILL');
    } else if (message.t !== 'ready') worker.kill('SIGKILL');
  });
  const run: ToWorker = { t: 'run', id: 1, job, input };
  worker.send(run);
  await dead;
}

function version(n: number): Record<string, string> {
  const files = Array.from({ length: FILES }, (_, i) => [`f/${i % 7}/${i}.md`, `${n} of ${i}\n`]);
  return Object.fromEntries([...files, ['carrel.yaml', `format: 1\nname: Version ${n}\n`]]);
}

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
