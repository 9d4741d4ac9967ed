import { readdir } from 'node:fs/promises';
import { ID } from '../../../src-contract/patterns.ts';
import type { DataPaths } from '../shared/paths.ts';
import { isMissing } from '../shared/private-file.ts';
import { readWorkspace, type WorkspaceInfo } from './workspace-file.ts';

/** All workspaces of a data directory, by id. Folders that are none are left out. */
export async function listWorkspaces(data: DataPaths): Promise<WorkspaceInfo[]> {
  const found: WorkspaceInfo[] = [];
  for (const id of (await foldersIn(data.workspaces)).toSorted()) {
    if (!ID.test(id)) continue;
    const info = await readWorkspace(data, id);
    if (info) found.push(info);
  }
  return found;
}

async function foldersIn(dir: string): Promise<string[]> {
  try {
    const entries = await readdir(dir, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
