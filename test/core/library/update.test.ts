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
import { log } from '../../../src-main/core/library/jobs/items/log.ts';
import { git } from '../../helpers/git-repo.ts';
import type { LibraryClient } from '../../helpers/library-rig-client.ts';
import { LibraryRig } from '../../helpers/library-rig.ts';
import { library, trashed } from './sync-library.helper.ts';

let rig: LibraryRig;
let ada: LibraryClient;
let first: string;

const CODE = 'prompts/review/code.prompt.md';
const AGENT = 'agents/reviewer.agent.md';

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

const updated = async () => (await ada.update()).summary;

describe('update', () => {
  test('says that nothing is new', async () => {
    expect(await ada.update()).toEqual({
      summary: { state: 'unchanged', version: first, changed: [], merged: [], conflicts: [] },
      unsent: null,
    });
    const checkedAt = ada.now;
    expect(await ada.open()).toMatchObject({ checkedAt, available: null });
  });

  test('fast-forwards and says what changed', async () => {
    const text = 'windows\r\nline ends\r\n';
    const version = rig.push({ 'README.md': text, [AGENT]: null, 'prompts/new.prompt.md': 'x' });
    expect(await updated()).toEqual({
      state: 'updated',
      version,
      changed: [
        { path: 'README.md', change: 'modified' },
        { path: AGENT, change: 'deleted' },
        { path: 'prompts/new.prompt.md', change: 'added' },
      ],
      merged: [],
      conflicts: [],
    });
    expect(await ada.open()).toMatchObject({ version, edited: 0 });
    expect(ada.read('README.md')).toBe(text);
    expect(ada.has('agents')).toBe(false);
  });

  test('moves what the team deleted to the trash', async () => {
    rig.push({ [AGENT]: null });
    await ada.update();
    expect(trashed(ada)).toEqual([{ path: AGENT, why: 'team-deleted', text: library[AGENT] }]);
  });

  test('a check tells what an update would take, and takes nothing', async () => {
    expect(await ada.check()).toBeNull();
    const version = rig.push({ 'README.md': 'second' }, 'Second');
    const available = {
      version,
      changed: [{ path: 'README.md', change: 'modified' }],
      versions: [{ version, message: 'Second', state: 'published' }],
    };
    expect(await ada.check()).toMatchObject(available);
    expect(await ada.open()).toMatchObject({ version: first, available });
    expect(ada.read('README.md')).toBe(library['README.md']);
    expect((await updated()).version).toBe(version);
    expect(await ada.open()).toMatchObject({ version, available: null });
    expect(await ada.check()).toBeNull();
  });

  test('takes the team’s version once the edit is undone', async () => {
    ada.put(CODE, 'mine');
    rig.push({ [CODE]: 'theirs' });
    expect((await updated()).conflicts).toEqual([CODE]);
    ada.put(CODE, library[CODE] ?? '');
    expect(await updated()).toMatchObject({
      changed: [{ path: CODE, change: 'modified' }],
      conflicts: [],
    });
    expect(ada.read(CODE)).toBe('theirs');
  });

  test('keeps own files that no version has', async () => {
    ada.put('prompts/own.prompt.md', 'mine');
    rig.push({ 'README.md': 'second', [CODE]: null });
    expect((await updated()).conflicts).toEqual([]);
    expect(ada.read('prompts/own.prompt.md')).toBe('mine');
  });

  test('notices an edit that keeps size and modification time', async () => {
    const before = ada.read('README.md');
    const { atime, mtime } = statSync(ada.at('README.md'));
    ada.put('README.md', before.toUpperCase());
    utimesSync(ada.at('README.md'), atime, mtime);
    expect(await ada.open()).toMatchObject({ edited: 1 });
    rig.push({ 'README.md': 'theirs' });
    expect((await updated()).conflicts).toEqual(['README.md']);
    expect(ada.read('README.md')).toBe(before.toUpperCase());
  });

  test('does not write through a folder that became a link', async () => {
    const outside = join(rig.root, 'outside');
    mkdirSync(outside);
    ada.remove('prompts');
    symlinkSync(outside, ada.at('prompts'));
    rig.push({ [CODE]: 'theirs', 'prompts/new.prompt.md': 'x' });
    expect((await updated()).conflicts).toEqual(['prompts/new.prompt.md', CODE]);
    expect(readdirSync(outside)).toEqual([]);
    rmSync(ada.at('prompts'));
  });

  test('does not write through a file that became a link', async () => {
    const outside = join(rig.root, 'outside.md');
    writeFileSync(outside, library['README.md'] ?? '');
    ada.remove('README.md');
    symlinkSync(outside, ada.at('README.md'));
    rig.push({ 'README.md': 'theirs' });
    expect((await updated()).conflicts).toEqual(['README.md']);
    expect(readFileSync(outside, 'utf8')).toBe(library['README.md']);
  });

  test('writes a folder that is gone altogether again, at the start or now', async () => {
    const files = ada.list();
    ada.remove('.');
    const { conflicts, changed } = await updated();
    expect(conflicts).toEqual([]);
    expect(changed.map(({ path }) => path)).toEqual(files);
    expect(await ada.open()).toMatchObject({ version: first, edited: 0 });
    rmSync(ada.dirs.files, { recursive: true });
    expect(await ada.open()).toMatchObject({ version: first, edited: 0 });
    expect(ada.list()).toEqual(files);
    // One file less is a deletion of the person's.
    ada.remove(CODE);
    expect((await updated()).changed).toEqual([]);
    expect(ada.has(CODE)).toBe(false);
  });
});

describe('a remote that does not continue', () => {
  const unchanged = async (code: string): Promise<void> => {
    const files = ada.files();
    await expect(ada.update()).rejects.toMatchObject({ code });
    expect(await ada.open()).toMatchObject({ version: first });
    expect(ada.files()).toEqual(files);
    expect(git(ada.dirs.library, '--git-dir=.', 'rev-parse', 'refs/app/trusted')).toBe(first);
  };

  test('gone, then back', async () => {
    await rig.away(() => unchanged('library/remote-not-found'));
    expect((await updated()).state).toBe('unchanged');
  });

  test('of a newer format', async () => {
    rig.push({ 'carrel.yaml': 'format: 2\nname: Later\n' });
    await unchanged('library/format-too-new');
  });
});

test('the log has the versions, newest first', async () => {
  const second = rig.push({ 'README.md': 'second' }, 'Second\u202e version\n\nWith a body');
  await ada.update();
  const { signal } = new AbortController();
  const versions = await log({ dirs: ada.dirs, limit: 10, path: null }, signal);
  expect(versions).toMatchObject([
    { version: second, message: 'Second\ufffd version', author: 'Ada' },
    { version: first, message: 'First version', author: 'Ada' },
  ]);
  expect(await log({ dirs: ada.dirs, limit: 1, path: null }, signal)).toHaveLength(1);
});
