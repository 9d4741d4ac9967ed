import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fixtureLibrary } from '../../helpers/git-fixture-library.ts';
import { filesBelow, fsck, openLibrary, type LibraryRig } from '../../helpers/git-library.ts';
import { git, TeamRepo, tempDir } from '../../helpers/git-repo.ts';

let temp: ReturnType<typeof tempDir>;
let team: TeamRepo;
let rig: LibraryRig;
let first: string;

const CODE = 'prompts/review/code.prompt.md';
const AGENT = 'agents/reviewer.agent.md';

beforeEach(async () => {
  temp = tempDir();
  team = new TeamRepo(temp.path);
  first = team.commit(fixtureLibrary, 'First version');
  rig = openLibrary(join(temp.path, 'workspace'));
  await rig.service.connect({ kind: 'remote', url: team.bare });
});
afterEach(() => {
  rig.close();
  temp.remove();
});

function edit(path: string, text: string): void {
  writeFileSync(join(rig.dirs.files, path), text);
}

describe('update', () => {
  test('says that nothing is new, and asks only for the refs', async () => {
    const { summary, status } = await rig.service.update();
    expect(summary).toEqual({ state: 'unchanged', version: first, changed: [], kept: [] });
    expect(status.checkedAt).toBeGreaterThan(0);
  });

  test('fast-forwards and says what changed', async () => {
    const text = 'windows\r\nline ends\r\n';
    const version = team.commit({ 'README.md': text, [AGENT]: null, 'prompts/new.prompt.md': 'x' });
    const { summary, status } = await rig.service.update();
    expect(summary).toEqual({
      state: 'updated',
      version,
      changed: [
        { path: AGENT, change: 'deleted' },
        { path: 'prompts/new.prompt.md', change: 'added' },
        { path: 'README.md', change: 'modified' },
      ].toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      kept: [],
    });
    expect(status).toMatchObject({ version, edited: 0, state: { kind: 'idle' } });
    expect(rig.read('README.md')).toBe(text);
    expect(rig.has('agents')).toBe(false);
    fsck(rig.dirs);
  });

  test('moves what the team deleted to the trash', async () => {
    team.commit({ [AGENT]: null });
    await rig.service.update();
    const [run] = readdirSync(rig.dirs.trash);
    expect(filesBelow(rig.dirs.trash)).toEqual([join(run ?? '', AGENT)]);
    expect(readFileSync(join(rig.dirs.trash, run ?? '', AGENT), 'utf8')).toBe(
      fixtureLibrary[AGENT],
    );
  });

  test('never touches an edited file; everything else moves on', async () => {
    edit(CODE, 'mine');
    const version = team.commit({ [CODE]: 'theirs', 'README.md': 'new' });
    const { summary, status } = await rig.service.update();
    expect(summary).toEqual({
      state: 'kept-local-edits',
      version,
      changed: [{ path: 'README.md', change: 'modified' }],
      kept: [CODE],
    });
    expect(rig.read(CODE)).toBe('mine');
    expect(rig.read('README.md')).toBe('new');
    expect(status).toMatchObject({ version, edited: 1 });
    expect((await rig.service.update()).summary).toMatchObject({ kept: [CODE], changed: [] });
  });

  test('takes the team’s version once the edit is undone', async () => {
    edit(CODE, 'mine');
    team.commit({ [CODE]: 'theirs' });
    await rig.service.update();
    edit(CODE, fixtureLibrary[CODE] ?? '');
    expect((await rig.service.update()).summary).toMatchObject({
      state: 'updated',
      changed: [{ path: CODE, change: 'modified' }],
    });
    expect(rig.read(CODE)).toBe('theirs');
  });

  test('keeps an edited file that the team deleted, and a deleted one that the team edited', async () => {
    edit(CODE, 'mine');
    rmSync(join(rig.dirs.files, AGENT));
    team.commit({ [CODE]: null, [AGENT]: 'theirs' });
    const { summary, status } = await rig.service.update();
    expect(summary.kept).toEqual([AGENT, CODE]);
    expect(summary.changed).toEqual([]);
    expect(rig.read(CODE)).toBe('mine');
    expect(rig.has(AGENT)).toBe(false);
    expect(status.edited).toBe(2);
  });

  test('keeps an own file where the team adds one of the same name', async () => {
    edit('prompts/own.prompt.md', 'mine');
    team.commit({ 'prompts/own.prompt.md': 'theirs' });
    expect((await rig.service.update()).summary.kept).toEqual(['prompts/own.prompt.md']);
    expect(rig.read('prompts/own.prompt.md')).toBe('mine');
  });

  test('notices an edit that keeps size and modification time', async () => {
    const before = rig.read('README.md');
    const path = join(rig.dirs.files, 'README.md');
    const { atime, mtime } = statSync(path);
    edit('README.md', before.toUpperCase());
    utimesSync(path, atime, mtime);
    expect((await rig.service.status()).edited).toBe(1);
    team.commit({ 'README.md': 'theirs' });
    expect((await rig.service.update()).summary.kept).toEqual(['README.md']);
    expect(rig.read('README.md')).toBe(before.toUpperCase());
  });

  test('a file becomes a folder and a folder becomes a file', async () => {
    team.commit({ 'README.md': null, policy: null });
    team.commit({ 'README.md/inside.md': 'in', policy: 'flat' });
    const { summary } = await rig.service.update();
    expect(summary.kept).toEqual([]);
    expect(rig.read('README.md/inside.md')).toBe('in');
    expect(rig.read('policy')).toBe('flat');
  });

  test('does not write through a folder that became a link', async () => {
    const outside = join(temp.path, 'outside');
    mkdirSync(outside);
    rmSync(join(rig.dirs.files, 'prompts'), { recursive: true });
    symlinkSync(outside, join(rig.dirs.files, 'prompts'));
    team.commit({ [CODE]: 'theirs', 'prompts/new.prompt.md': 'x' });
    const { summary } = await rig.service.update();
    expect(summary.kept).toEqual(['prompts/new.prompt.md', CODE]);
    expect(readdirSync(outside)).toEqual([]);
  });

  test('writes a folder that is gone altogether again, at the start or now', async () => {
    const files = rig.list();
    rmSync(rig.dirs.files, { recursive: true });
    const { summary, status } = await rig.service.update();
    expect(summary.kept).toEqual([]);
    expect(summary.changed.map(({ path }) => path)).toEqual(files);
    expect(status).toMatchObject({ version: first, edited: 0 });
    rmSync(rig.dirs.files, { recursive: true });
    rig.close();
    rig = openLibrary(rig.root);
    expect(await rig.service.status()).toMatchObject({ version: first, edited: 0 });
    expect(rig.list()).toEqual(files);
    // One file less is a deletion of the person's.
    rmSync(join(rig.dirs.files, CODE));
    expect((await rig.service.update()).summary.changed).toEqual([]);
    expect(rig.has(CODE)).toBe(false);
  });

  test('does not write through a file that became a link', async () => {
    const outside = join(temp.path, 'outside.md');
    writeFileSync(outside, fixtureLibrary['README.md'] ?? '');
    rmSync(join(rig.dirs.files, 'README.md'));
    symlinkSync(outside, join(rig.dirs.files, 'README.md'));
    team.commit({ 'README.md': 'theirs' });
    expect((await rig.service.update()).summary.kept).toEqual(['README.md']);
    expect(readFileSync(outside, 'utf8')).toBe(fixtureLibrary['README.md']);
  });
});

describe('a remote that does not continue', () => {
  const unchanged = async (code: string): Promise<void> => {
    const files = rig.list();
    await expect(rig.service.update()).rejects.toMatchObject({ code });
    const status = await rig.service.status();
    expect(status).toMatchObject({ version: first, state: { kind: 'failed', error: { code } } });
    expect(rig.list()).toEqual(files);
    expect(git(rig.dirs.library, '--git-dir=.', 'rev-parse', 'refs/app/trusted')).toBe(first);
  };

  test('diverged', async () => {
    git(team.work, 'commit', '-q', '--amend', '-m', 'Rewritten');
    team.push('--force');
    await unchanged('library/diverged');
  });

  test('unrelated', async () => {
    git(team.work, 'checkout', '-q', '--orphan', 'other');
    git(team.work, 'commit', '-q', '-m', 'Unrelated');
    git(team.work, 'push', '-q', '--force', 'origin', 'HEAD:main');
    await unchanged('library/diverged');
  });

  test('rolled back', async () => {
    const second = team.commit({ 'README.md': 'second' });
    await rig.service.update();
    git(team.work, 'push', '-q', '--force', 'origin', `${first}:main`);
    await expect(rig.service.update()).rejects.toMatchObject({ code: 'library/diverged' });
    expect((await rig.service.status()).version).toBe(second);
    expect(rig.read('README.md')).toBe('second');
  });

  test('gone, then back', async () => {
    const moved = `${team.bare}.moved`;
    git(temp.path, 'clone', '-q', '--bare', team.bare, moved);
    rmSync(team.bare, { recursive: true });
    await unchanged('library/remote-not-found');
    git(temp.path, 'clone', '-q', '--bare', moved, team.bare);
    expect((await rig.service.update()).summary.state).toBe('unchanged');
    expect((await rig.service.status()).state).toEqual({ kind: 'idle' });
  });

  test('of a newer format', async () => {
    team.commit({ 'carrel.yaml': 'format: 2\nname: Later\n' });
    await unchanged('library/format-too-new');
  });
});

test('the log has the versions, newest first', async () => {
  const second = team.commit({ 'README.md': 'second' }, 'Second\u202e version\n\nWith a body');
  await rig.service.update();
  const log = await rig.service.log(10);
  expect(log.map(({ version, message, author }) => ({ version, message, author }))).toEqual([
    { version: second, message: 'Second\ufffd version', author: 'Ada' },
    { version: first, message: 'First version', author: 'Ada' },
  ]);
  expect(await rig.service.log(1)).toHaveLength(1);
});

test('one operation at a time', async () => {
  team.commit({ 'README.md': 'second' });
  const running = rig.service.update();
  await expect.poll(() => rig.service.state.kind).toBe('working');
  await expect(rig.service.update()).rejects.toMatchObject({ code: 'library/busy' });
  await expect(rig.service.connect({ kind: 'starter' })).rejects.toMatchObject({
    code: 'library/busy',
  });
  expect((await running).summary.state).toBe('updated');
  await expect(rig.service.connect({ kind: 'starter' })).rejects.toMatchObject({
    code: 'library/already-connected',
  });
});

test('tells the windows, and knows everything again after a restart', async () => {
  const topics: string[] = [];
  rig.bus.subscribe((topic) => topics.push(topic));
  team.commit({ 'README.md': 'second' });
  await rig.service.update();
  expect(topics).toContain('library');
  const before = await rig.service.status();
  rig.close();
  rig = openLibrary(rig.root);
  expect(await rig.service.status()).toEqual(before);
});
