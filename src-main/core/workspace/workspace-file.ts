import { existsSync, readFileSync } from 'node:fs';
import { AppError } from '../../../src-contract/app-error.ts';
import { ID, nameOf } from '../../../src-contract/patterns.ts';
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

type Content = Readonly<Record<string, unknown>>;

/**
 * Reads one workspace; null where there is none. The file only names it: damaged or missing, the
 * workspace goes by its id, because what is in it is not affected.
 */
export async function readWorkspace(data: DataPaths, id: string): Promise<WorkspaceInfo | null> {
  const paths = workspacePaths(data, checkId(id));
  const content = contentOf(paths.about);
  const known = aboutOf(content);
  if (known) return { id, ...known };
  const isThere = content !== null || existsSync(paths.keys) || existsSync(paths.store);
  return isThere ? { id, name: nameWithout(id), library: null } : null;
}

/** Changes what is said of a workspace, keeping what this version does not know. */
export async function writeWorkspace(data: DataPaths, info: WorkspaceInfo): Promise<void> {
  const { about: file } = workspacePaths(data, checkId(info.id));
  const found = contentOf(file);
  // What a later version added survives a rename by this one.
  const kept: Content = aboutOf(found) ? (found as Content) : {};
  const next = { ...kept, format: 1, id: info.id, name: info.name, library: info.library };
  await writePrivateFile(file, `${JSON.stringify(next, null, 2)}\n`);
}

/** Throws `workspace/bad-id`: an id is part of a path. */
export function checkId(id: string): string {
  if (ID.test(id)) return id;
  throw new AppError('workspace/bad-id', `"${id.slice(0, 80)}" is not an id of a workspace.`, {
    remedy: 'Ids are lower-case letters, digits and hyphens, 64 at most: see "workspace list".',
  });
}

/** Throws `workspace/bad-name`. */
export function checkName(name: string): string {
  const checked = nameOf(name);
  if (checked !== null) return checked;
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

/** Name and library of a file that this Carrel can read; null for any other. */
function aboutOf(
  content: unknown,
): { readonly name: string; readonly library: string | null } | null {
  if (typeof content !== 'object' || content === null) return null;
  const { format, name, library } = content as Content;
  if (format !== 1 || typeof name !== 'string') return null;
  const checked = nameOf(name);
  const isLibrary = library === null || typeof library === 'string';
  return checked !== null && isLibrary ? { name: checked, library } : null;
}

// Synchronous, as all small files of a start: the way through the thread pool takes longer than the read.
function contentOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    if (isMissing(error)) return null;
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
