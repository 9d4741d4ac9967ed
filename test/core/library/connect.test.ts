import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fixtureLibrary } from '../../helpers/git-fixture-library.ts';
import { startGitHttp } from '../../helpers/git-http-server.ts';
import { fsck, openLibrary, type LibraryRig } from '../../helpers/git-library.ts';
import { TeamRepo, tempDir } from '../../helpers/git-repo.ts';

let temp: ReturnType<typeof tempDir>;
let team: TeamRepo;
let rig: LibraryRig;

beforeEach(() => {
  temp = tempDir();
  team = new TeamRepo(temp.path);
  rig = openLibrary(join(temp.path, 'workspace'));
});
afterEach(() => {
  rig.close();
  temp.remove();
});

describe('connect', () => {
  test('clones a bare repository by its path', async () => {
    const version = team.commit(fixtureLibrary);
    const phases = new Set<string>();
    const { status } = await rig.service.connect(
      { kind: 'remote', url: team.bare },
      { onProgress: ({ phase }) => phases.add(phase) },
    );
    expect(status).toMatchObject({
      state: { kind: 'idle' },
      name: 'Team of tests',
      url: team.bare,
      version,
      items: 8,
      edited: 0,
      trust: 'unverified',
    });
    expect([...phases]).toEqual(['checking', 'fetching', 'verifying', 'writing']);
    expect(rig.list()).toEqual(Object.keys(fixtureLibrary).toSorted());
    for (const [path, text] of Object.entries(fixtureLibrary)) expect(rig.read(path)).toBe(text);
    fsck(rig.dirs);
  });

  test('clones by file:// and follows a default branch of another name', async () => {
    const other = tempDir();
    try {
      const trunk = new TeamRepo(other.path, 'trunk');
      const version = trunk.commit(fixtureLibrary);
      const url = pathToFileURL(trunk.bare).href;
      const { status } = await rig.service.connect({ kind: 'remote', url });
      expect(status).toMatchObject({ version, url: trunk.bare });
      fsck(rig.dirs);
    } finally {
      other.remove();
    }
  });

  test('clones over HTTP from git’s own server', async () => {
    const version = team.commit(fixtureLibrary);
    const server = await startGitHttp(temp.path);
    try {
      const url = server.url('team.git');
      const { status } = await rig.service.connect({ kind: 'remote', url });
      expect(status).toMatchObject({ version, url });
      expect(rig.list()).toEqual(Object.keys(fixtureLibrary).toSorted());
      fsck(rig.dirs);
    } finally {
      await server.close();
    }
  });
});
