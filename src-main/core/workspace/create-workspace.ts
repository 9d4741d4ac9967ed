import type { DataPaths } from '../shared/paths.ts';
import { newId } from '../shared/ids.ts';
import { listWorkspaces } from './list-workspaces.ts';
import {
  checkId,
  checkName,
  DEFAULT_WORKSPACE,
  nameWithout,
  readWorkspace,
  unknownWorkspace,
  writeWorkspace,
  type WorkspaceInfo,
} from './workspace-file.ts';

/** An id is typed after `--workspace`, and is part of paths: short. */
const MAX_ID_FROM_NAME = 40;

/**
 * Makes a workspace, or gives the one of that id (renamed, where a name is given): safe to repeat.
 * Without an id it is made from the name. Store and keys follow when it is first opened.
 *
 * Errors: `workspace/bad-id`, `workspace/bad-name`.
 */
export async function createWorkspace(
  data: DataPaths,
  wanted: { readonly id?: string; readonly name?: string },
): Promise<WorkspaceInfo> {
  const name = wanted.name === undefined ? null : checkName(wanted.name);
  const id = wanted.id === undefined ? await freeId(data, name ?? '') : checkId(wanted.id);
  const found = await readWorkspace(data, id);
  const info: WorkspaceInfo = {
    id,
    name: name ?? found?.name ?? nameWithout(id),
    library: found?.library ?? null,
  };
  await writeWorkspace(data, info);
  return info;
}

/**
 * The workspace that an engine was asked for. The default one is made where there is none; any other
 * must exist, so that a slip in its name does not make an empty one. Errors: `workspace/unknown`,
 * `workspace/bad-id`.
 */
export async function openWorkspace(data: DataPaths, id: string): Promise<WorkspaceInfo> {
  const found = await readWorkspace(data, id);
  if (found) return found;
  if (id === DEFAULT_WORKSPACE) return createWorkspace(data, { id });
  throw unknownWorkspace(id);
}

async function freeId(data: DataPaths, name: string): Promise<string> {
  const taken = new Set((await listWorkspaces(data)).map(({ id }) => id));
  const stem =
    name
      .normalize('NFKD')
      .toLowerCase()
      .replaceAll(/\p{M}/gu, '')
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, MAX_ID_FROM_NAME)
      .replaceAll(/^-+|-+$/g, '') || newId();
  let id = stem;
  for (let n = 2; taken.has(id); n += 1) id = `${stem}-${n}`;
  return id;
}
