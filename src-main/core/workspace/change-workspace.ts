import type { DataPaths } from '../shared/paths.ts';
import {
  checkName,
  readWorkspace,
  unknownWorkspace,
  writeWorkspace,
  type WorkspaceInfo,
} from './workspace-file.ts';

/** Errors: `workspace/unknown`, `workspace/bad-name`. */
export async function renameWorkspace(
  data: DataPaths,
  id: string,
  name: string,
): Promise<WorkspaceInfo> {
  const checked = checkName(name);
  return change(data, id, (info) => ({ ...info, name: checked }));
}

/**
 * Notes the remote of a workspace's library for the list of workspaces; null for a local one. The
 * file is plain, so credentials in the URL are left out. Error: `workspace/unknown`.
 */
export function setWorkspaceLibrary(
  data: DataPaths,
  id: string,
  url: string | null,
): Promise<WorkspaceInfo> {
  const library = url === null ? null : withoutCredentials(url);
  return change(data, id, (info) => ({ ...info, library }));
}

async function change(
  data: DataPaths,
  id: string,
  next: (info: WorkspaceInfo) => WorkspaceInfo,
): Promise<WorkspaceInfo> {
  const found = await readWorkspace(data, id);
  if (!found) throw unknownWorkspace(id);
  const changed = next(found);
  await writeWorkspace(data, changed);
  return changed;
}

/** The user of an SSH address is part of it (`git@…`) and no secret; one of a web address may be a token. */
function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  if (parsed.username === '' && parsed.password === '') return url;
  parsed.password = '';
  if (parsed.protocol !== 'ssh:') parsed.username = '';
  return parsed.href;
}
