import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fixtureLibrary } from '../../helpers/git-fixture-library.ts';
import { startGitHttp } from '../../helpers/git-http-server.ts';
import { TeamRepo } from '../../helpers/git-repo.ts';
import type { LibraryClient } from '../../helpers/library-rig-client.ts';
import { LibraryRig } from '../../helpers/library-rig.ts';
import type { Verdict } from '../../../src-main/core/library/git/verify.ts';

let rig: LibraryRig;
let ada: LibraryClient;

beforeEach(() => {
  rig = LibraryRig.empty(['ada']);
  ada = rig.client(0);
});
afterEach(() => {
  try {
    rig.account();
  } finally {
    rig.close();
  }
});

describe('clone', () => {
  test('of a bare repository by its path', async () => {
    const version = rig.team.commit(fixtureLibrary);
    const phases = new Set<string>();
    ada.hooks.report = (phase) => phases.add(phase);
    const { state, changed } = await ada.connect(rig.bare);
    expect(state).toBe('updated');
    expect(changed).toHaveLength(Object.keys(fixtureLibrary).length);
    expect(await ada.open()).toMatchObject({
      name: 'Team of tests',
      url: rig.bare,
      version,
      items: 8,
      edited: 0,
      conflicts: 0,
      queued: 0,
      checkedAt: expect.any(Number),
    });
    expect([...phases].slice(0, 4)).toEqual(['checking', 'fetching', 'verifying', 'writing']);
    expect(ada.files()).toEqual(rig.files());
  });

  test('by file://, of a default branch of another name', async () => {
    const trunk = new TeamRepo(join(rig.root, 'ada'), 'trunk');
    const version = trunk.commit(fixtureLibrary);
    await ada.connect(pathToFileURL(trunk.bare).href);
    expect(await ada.open()).toMatchObject({ version, url: trunk.bare });
  });

  test('over HTTP from git’s own server', async () => {
    const version = rig.team.commit(fixtureLibrary);
    const server = await startGitHttp(rig.root);
    try {
      const url = server.url('team.git');
      await ada.connect(url);
      expect(await ada.open()).toMatchObject({ version, url });
      expect(ada.files()).toEqual(rig.files());
    } finally {
      await server.close();
    }
  });

  test('again is what an interrupted one wants: nothing is done twice', async () => {
    rig.team.commit(fixtureLibrary);
    await ada.connect(rig.bare);
    ada.put('README.md', 'of ada');
    await ada.connect(rig.bare);
    expect(ada.read('README.md')).toBe('of ada');
  });

  test('into a folder with files: what is another text waits, nothing is overwritten', async () => {
    rig.team.commit(fixtureLibrary);
    ada.put('README.md', 'was here');
    ada.put('own.md', 'was here too');
    const { conflicts } = await ada.connect(rig.bare);
    expect(conflicts).toEqual(['README.md']);
    expect(ada.read('README.md')).toBe('was here');
    expect(ada.read('own.md')).toBe('was here too');
    expect(await ada.open()).toMatchObject({ conflicts: 1 });
  });

  test('fails as a whole', async () => {
    await expect(ada.connect(rig.bare)).rejects.toMatchObject({
      code: 'library/empty-remote',
    });
    await expect(ada.connect(join(rig.root, 'nothing'))).rejects.toMatchObject({
      code: 'library/remote-not-found',
    });
    expect(existsSync(ada.dirs.library)).toBe(false);
    expect(await ada.open()).toBeNull();
    await expect(ada.update()).rejects.toMatchObject({ code: 'library/none' });
  });

  test('a policy that refuses the newest version leaves the one before', async () => {
    const first = rig.team.commit({ 'README.md': 'first' });
    await ada.connect(rig.bare);
    const second = rig.push({ 'README.md': 'second' });
    const third = rig.push({ 'README.md': 'third' });
    const verdict = (accepted: string): Verdict => ({
      trust: 'unverified',
      accepted,
      quarantined: [{ version: third, reason: 'Nobody signed it.' }],
    });
    ada.hooks.policy = async () => verdict(second);
    await ada.update();
    expect(ada.read('README.md')).toBe('second');
    expect(await ada.open()).toMatchObject({
      version: second,
      quarantined: [{ version: third, reason: 'Nobody signed it.' }],
    });
    ada.hooks.policy = async ({ trusted }) => verdict(trusted ?? first);
    expect((await ada.update()).summary.changed).toEqual([]);
    expect(ada.read('README.md')).toBe('second');
    ada.hooks = {};
    await ada.update();
    expect(await ada.open()).toMatchObject({ version: third, quarantined: [] });
  });
});

describe('starter', () => {
  test('the same files are the same version everywhere', async () => {
    rig.team.commit({ 'README.md': 'x' });
    const starterDir = join(rig.root, 'starter');
    mkdirSync(join(starterDir, 'prompts'), { recursive: true });
    writeFileSync(join(starterDir, 'carrel.yaml'), 'format: 1\nname: Starter\n');
    writeFileSync(join(starterDir, 'prompts/one.prompt.md'), 'one');
    const { version } = await ada.starter(starterDir);
    expect(await ada.open()).toMatchObject({ name: 'Starter', url: null, version });
    const other = LibraryRig.empty(['ben']);
    try {
      expect((await other.client(0).starter(starterDir)).version).toBe(version);
    } finally {
      other.close();
    }
    expect((await ada.update()).summary).toMatchObject({ state: 'unchanged', version });
  });

  test('that is not there', async () => {
    rig.team.commit({ 'README.md': 'x' });
    await expect(ada.starter(join(rig.root, 'nothing'))).rejects.toMatchObject({
      code: 'library/no-starter',
    });
    expect(existsSync(ada.dirs.library)).toBe(false);
  });
});
