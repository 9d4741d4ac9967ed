import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../../src-contract/app-error.ts';
import { id as idSchema, name as nameSchema } from '../../../src-contract/common.ts';
import { lazy } from '../../../src-contract/lazy.ts';
import { workspacePaths, type DataPaths } from '../shared/paths.ts';
import { isMissing, writePrivateFile } from '../shared/private-file.ts';

/** What can be said of a workspace without unlocking it. */
export interface WorkspaceInfo {
  readonly id: string;
  readonly name: string;
  /** Remote of its library, without credentials; null for a local one. */
  readonly library: string | null;
}

/** The workspace that is used where nobody names one. */
export const DEFAULT_WORKSPACE = 'default';
const DEFAULT_NAME = 'Personal';

/** Loose: what a later version adds survives a rename by this one. */
const about = lazy(() =>
  z.looseObject({
    format: z.literal(1),
    name: nameSchema(),
    library: z.string().nullable(),
  }),
);

type Content = Readonly<Record<string, unknown>>;

/**
 * Reads one workspace; null where there is none. The file only names it: damaged or missing, the
 * workspace goes by its id, because what is in it is not affected.
 */
export async function readWorkspace(data: DataPaths, id: string): Promise<WorkspaceInfo | null> {
  const paths = workspacePaths(data, checkId(id));
  const content = await contentOf(paths.about);
  const parsed = about().safeParse(content);
  if (parsed.success) return { id, name: parsed.data.name, library: parsed.data.library };
  const isThere = content !== null || (await exists(paths.keys)) || (await exists(paths.store));
  return isThere ? { id, name: nameWithout(id), library: null } : null;
}

/** Changes what is said of a workspace, keeping what this version does not know. */
export async function writeWorkspace(data: DataPaths, info: WorkspaceInfo): Promise<void> {
  const { about: file } = workspacePaths(data, checkId(info.id));
  const found = about().safeParse(await contentOf(file));
  const kept: Content = found.success ? found.data : {};
  const next = { ...kept, format: 1, id: info.id, name: info.name, library: info.library };
  await writePrivateFile(file, `${JSON.stringify(next, null, 2)}\n`);
}

/** Throws `workspace/bad-id`: an id is part of a path. */
export function checkId(id: string): string {
  if (idSchema().safeParse(id).success) return id;
  throw new AppError('workspace/bad-id', `"${id.slice(0, 80)}" is not an id of a workspace.`, {
    remedy: 'Ids are lower-case letters, digits and hyphens, 64 at most: see "workspace list".',
  });
}

/** Throws `workspace/bad-name`. */
export function checkName(name: string): string {
  const parsed = nameSchema().safeParse(name);
  if (parsed.success) return parsed.data;
  throw new AppError('workspace/bad-name', 'A workspace needs a name of 1 to 120 characters.', {
    remedy: 'Choose another name, on one line.',
  });
}

export function unknownWorkspace(id: string): AppError {
  return new AppError('workspace/unknown', `There is no workspace "${id}".`, {
    remedy: 'See "workspace list" for those there are, or make it with "workspace create".',
    data: { id },
  });
}

export function nameWithout(id: string): string {
  return id === DEFAULT_WORKSPACE ? DEFAULT_NAME : id;
}

async function contentOf(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    if (isMissing(error)) return null;
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
