import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataPaths, workspacePaths, type DataPaths } from '../../../src-main/core/shared/paths.ts';
import {
  renameWorkspace,
  setWorkspaceLibrary,
} from '../../../src-main/core/workspace/change-workspace.ts';
import {
  createWorkspace,
  openWorkspace,
} from '../../../src-main/core/workspace/create-workspace.ts';
import { listWorkspaces } from '../../../src-main/core/workspace/list-workspaces.ts';

let data: DataPaths;

beforeEach(() => {
  data = dataPaths(mkdtempSync(join(tmpdir(), 'carrel-workspaces-')));
});
afterEach(() => rmSync(data.root, { recursive: true, force: true }));

const about = (id: string): string => workspacePaths(data, id).about;

describe('workspaces', () => {
  it('are none in a new data directory', async () => {
    expect(await listWorkspaces(data)).toEqual([]);
    expect(readdirSync(data.root)).toEqual([]);
  });

  it('are made once, listed by id, and named again by making them again', async () => {
    await createWorkspace(data, { id: 'default' });
    await createWorkspace(data, { name: 'Team Müller & Söhne' });
    await createWorkspace(data, { name: 'team muller sohne' });
    await createWorkspace(data, { id: 'default', name: 'Work' });
    expect(await listWorkspaces(data)).toEqual([
      { id: 'default', name: 'Work', library: null },
      { id: 'team-muller-sohne', name: 'Team Müller & Söhne', library: null },
      { id: 'team-muller-sohne-2', name: 'team muller sohne', library: null },
    ]);
    expect(statSync(about('default')).mode & 0o777).toBe(0o600);
    expect(statSync(join(data.workspaces, 'default')).mode & 0o777).toBe(0o700);
  });

  it('get an id of their own where the name has no letter for one', async () => {
    const made = await createWorkspace(data, { name: '資料' });
    expect(made.id).toMatch(/^[a-z0-9]{20,}$/);
    expect(await openWorkspace(data, made.id)).toEqual(made);
  });

  it('are made by opening only where it is the default one', async () => {
    expect(await openWorkspace(data, 'default')).toMatchObject({ name: 'Personal' });
    await expect(openWorkspace(data, 'defualt')).rejects.toMatchObject({
      code: 'workspace/unknown',
    });
    expect(readdirSync(data.workspaces)).toEqual(['default']);
  });

  it.each(['../x', 'A', '', '.', 'a/b', 'a\\b', 'a'.repeat(65), '__proto__'])(
    'do not have the id "%s"',
    async (id) => {
      await expect(openWorkspace(data, id)).rejects.toMatchObject({ code: 'workspace/bad-id' });
      await expect(createWorkspace(data, { id })).rejects.toMatchObject({
        code: 'workspace/bad-id',
      });
    },
  );

  it.each(['', '  ', 'two\nlines', 'x'.repeat(121), 'zero\u200Bwidth'])(
    'do not have the name %j',
    async (name) => {
      await createWorkspace(data, { id: 'a' });
      await expect(createWorkspace(data, { name })).rejects.toMatchObject({
        code: 'workspace/bad-name',
      });
      await expect(renameWorkspace(data, 'a', name)).rejects.toMatchObject({
        code: 'workspace/bad-name',
      });
    },
  );

  it('are renamed without losing what a later version wrote', async () => {
    await createWorkspace(data, { id: 'a', name: 'A' });
    const written = JSON.parse(readFileSync(about('a'), 'utf8')) as object;
    writeFileSync(about('a'), JSON.stringify({ ...written, colour: 'green' }));
    expect(await renameWorkspace(data, 'a', ' B ')).toEqual({ id: 'a', name: 'B', library: null });
    expect(JSON.parse(readFileSync(about('a'), 'utf8'))).toMatchObject({
      name: 'B',
      colour: 'green',
    });
    await expect(renameWorkspace(data, 'b', 'B')).rejects.toMatchObject({
      code: 'workspace/unknown',
    });
  });

  it.each([
    ['https://user:secret@example.com/a.git', 'https://example.com/a.git'],
    ['https://token@example.com/a.git', 'https://example.com/a.git'],
    ['ssh://git:secret@example.com/a.git', 'ssh://git@example.com/a.git'],
    ['git@example.com:team/a.git', 'git@example.com:team/a.git'],
    ['/srv/git/a.git', '/srv/git/a.git'],
  ])('note the library %s without its secrets', async (url, noted) => {
    await createWorkspace(data, { id: 'a' });
    expect(await setWorkspaceLibrary(data, 'a', url)).toMatchObject({ library: noted });
    expect(await listWorkspaces(data)).toMatchObject([{ library: noted }]);
    expect(readFileSync(about('a'), 'utf8')).not.toContain('secret');
    expect(await setWorkspaceLibrary(data, 'a', null)).toMatchObject({ library: null });
  });

  it('go by their id where their file is damaged or gone, and other folders are none', async () => {
    await createWorkspace(data, { id: 'a', name: 'A' });
    writeFileSync(about('a'), '{"na');
    mkdirSync(join(data.workspaces, 'b'));
    writeFileSync(workspacePaths(data, 'b').keys, '{}');
    mkdirSync(join(data.workspaces, 'empty'));
    mkdirSync(join(data.workspaces, 'Not One'));
    writeFileSync(join(data.workspaces, 'file'), '');
    expect((await listWorkspaces(data)).map(({ id, name }) => [id, name])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
    expect(await renameWorkspace(data, 'a', 'Again')).toMatchObject({ name: 'Again' });
  });
});
