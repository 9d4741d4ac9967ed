import { randomBytes } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../shared/logger.ts';
import { workspacePaths, type DataPaths } from '../shared/paths.ts';
import { isMissing } from '../shared/private-file.ts';
import { acquireEngineLock } from './engine-lock.ts';
import { readWorkspace, unknownWorkspace } from './workspace-file.ts';

/** A folder on its way out: no id of a workspace begins with a dot. */
const REMOVED = /^\.removed-(.+)-[0-9a-f]{12}$/;

export interface RemoveWorkspaceDeps {
  readonly data: DataPaths;
  /** Where the key file of a workspace is. */
  readonly keyFile: (id: string) => string;
  readonly logger: Logger;
}

/**
 * Removes a workspace for good: store, keys, index, library. It is gone with one rename; what an
 * interrupted removal left is removed by the next one.
 *
 * Errors, each with nothing changed: `workspace/unknown`, `workspace/bad-id`, `workspace/in-use`.
 */
export async function removeWorkspace(deps: RemoveWorkspaceDeps, id: string): Promise<void> {
  const { data, logger } = deps;
  if (!(await readWorkspace(data, id))) throw unknownWorkspace(id);
  const { root, lock: lockFile } = workspacePaths(data, id);
  const lock = await acquireEngineLock(lockFile, logger);
  try {
    await rename(root, join(data.workspaces, `.removed-${id}-${randomBytes(6).toString('hex')}`));
  } finally {
    lock.release();
  }
  await sweep(deps);
}

async function sweep({ data, keyFile }: RemoveWorkspaceDeps): Promise<void> {
  for (const name of await namesIn(data.workspaces)) {
    const id = REMOVED.exec(name)?.[1];
    if (id === undefined) continue;
    // A workspace that was made anew under the id has a key of its own.
    if (!(await readWorkspace(data, id))) await rm(keyFile(id), { force: true });
    await rm(join(data.workspaces, name), { recursive: true, force: true });
  }
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
