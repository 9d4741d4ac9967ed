import { existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ErrorShape } from '../../../../src-contract/app-error.ts';
import { errnoOf, pathMissing, tooManyFiles, unreadable } from '../errors.ts';
import { MAX_DEPTH, MAX_FILES_PER_ADD } from '../limits.ts';
import { gitFiles } from './git-files.ts';
import { isIgnored } from './ignores.ts';
import type { Entry } from './jobs.ts';

export interface Walked {
  readonly entries: readonly Entry[];
  readonly missing: readonly { readonly path: string; readonly error: ErrorShape }[];
}

export interface WalkOptions {
  /** Folders that are never entered, absolute. */
  readonly exclude: readonly string[];
  /** Files that the collection has already: they keep their paths, and nobody else gets them. */
  readonly known: readonly Entry[];
  readonly signal: AbortSignal;
  readonly onFound: (found: number) => void;
}

/**
 * Lists the files of sources in a stable order, each once, with paths that are unique among them.
 * Links are not followed; what git ignores is left out where the folder is a git checkout.
 *
 * Errors: `knowledge/too-many-files`. A source that can't be read is told in `missing`.
 */
export async function walk(sources: readonly string[], given: WalkOptions): Promise<Walked> {
  const options = { ...given, exclude: given.exclude.map(withoutLinks) };
  const entries: Entry[] = [];
  const missing: { path: string; error: ErrorShape }[] = [];
  const origins = new Set<string>();
  const paths = new Map(options.known.map((entry) => [entry.origin, entry.path]));
  const taken = new Set(paths.values());
  const add = (origin: string, path: string): void => {
    if (origins.has(origin)) return;
    if (entries.length >= MAX_FILES_PER_ADD) throw tooManyFiles();
    origins.add(origin);
    const unique = paths.get(origin) ?? uniquePath(path, origin, taken);
    taken.add(unique);
    entries.push({ origin, path: unique });
    if (entries.length % 1_000 === 0) options.onFound(entries.length);
  };
  for (const source of sources) {
    const root = resolve(source);
    try {
      const stat = lstatSync(root);
      if (stat.isFile()) {
        add(root, basename(root));
      } else if (stat.isDirectory()) {
        for await (const file of filesBelow(root, 0, options)) add(file, slashed(root, file));
      } else {
        throw new Error('neither a folder nor a plain file');
      }
    } catch (error) {
      if (errnoOf(error) === 'knowledge/too-many-files') throw error;
      missing.push({ path: source, error: pathMissing(source, error).toShape() });
    }
  }
  options.onFound(entries.length);
  return { entries, missing };
}

async function* filesBelow(
  dir: string,
  depth: number,
  options: WalkOptions,
): AsyncGenerator<string> {
  if (options.signal.aborted || options.exclude.includes(dir)) return;
  if (depth > MAX_DEPTH) {
    // Looked at as a file, which records that it can't be read: nothing is left out in silence.
    yield dir;
    return;
  }
  const isCheckout = depth === 0 || existsSync(join(dir, '.git'));
  const listed = isCheckout ? await gitFiles(dir, options.signal) : null;
  if (listed === null || listed.length === 0) {
    yield* plainWalk(dir, depth, options);
    return;
  }
  const isReal = realFolders(dir);
  for (const name of listed) {
    const path = join(dir, name);
    if (isExcluded(path, options.exclude) || !isReal(dirname(path))) continue;
    const kind = kindOf(path);
    if (kind === 'file') yield path;
    // A repository inside the repository is listed as a folder.
    else if (kind === 'folder') yield* filesBelow(path, depth + 1, options);
  }
}

/**
 * Whether a folder is below `root` without a link on the way. Git's list is only what somebody wrote
 * into its index: where a folder of it became a link, the files behind it are not of this checkout.
 */
function realFolders(root: string): (folder: string) => boolean {
  const known = new Map<string, boolean>();
  const real = realpathSync(root);
  const look = (folder: string): boolean => {
    const inside = relative(root, folder);
    if (inside === '..' || inside.startsWith(`..${sep}`)) return false;
    try {
      return realpathSync(folder) === join(real, inside);
    } catch (error) {
      // Gone, or not to be looked at: its files are looked at themselves and say so.
      if (errnoOf(error) === '') throw error;
      return true;
    }
  };
  return (folder) => {
    const isReal = known.get(folder) ?? look(folder);
    known.set(folder, isReal);
    return isReal;
  };
}

/** Listed by git and gone on disk is deleted and not yet committed; what may not be looked at is a file that can't be read. */
function kindOf(path: string): 'file' | 'folder' | 'none' {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) return 'folder';
    // A name that is not UTF-8 can't be opened by what was read of it: it is there, and told as unreadable.
    if (!stat) return path.includes('\u{fffd}') ? 'file' : 'none';
    return stat.isFile() ? 'file' : 'none';
  } catch (error) {
    if (errnoOf(error) === '') throw error;
    return 'file';
  }
}

async function* plainWalk(
  dir: string,
  depth: number,
  options: WalkOptions,
): AsyncGenerator<string> {
  // The thread reads folders without waiting, which is ten times as fast: a cancellation is heard here.
  await setImmediate();
  const names: { name: string; isFolder: boolean }[] = [];
  try {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      if (isIgnored(entry.name)) continue;
      if (entry.isDirectory()) names.push({ name: entry.name, isFolder: true });
      else if (entry.isFile()) names.push({ name: entry.name, isFolder: false });
    }
  } catch (error) {
    // The root must be readable; a folder inside that is not is looked at as a file, which records why.
    if (depth === 0) throw unreadable(error);
    yield dir;
    return;
  }
  names.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, isFolder } of names) {
    if (options.signal.aborted) return;
    if (isFolder) yield* filesBelow(join(dir, name), depth + 1, options);
    else yield join(dir, name);
  }
}

/** The folder itself, whatever way leads to it; as it was given where it isn't there. */
function withoutLinks(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (error) {
    if (errnoOf(error) === '') throw error;
    return resolve(folder);
  }
}

function isExcluded(path: string, exclude: readonly string[]): boolean {
  return exclude.some((folder) => path.startsWith(folder + sep));
}

function slashed(root: string, file: string): string {
  return relative(root, file).replaceAll(sep, '/');
}

/** Two sources may have the same relative path: the later one is shown with its folder before it. */
function uniquePath(path: string, origin: string, taken: ReadonlySet<string>): string {
  if (!taken.has(path)) return path;
  let folder = origin.slice(0, origin.length - path.length - 1);
  if (folder === '') folder = dirname(origin);
  const prefixed = `${basename(folder)}/${path}`;
  let unique = prefixed;
  for (let n = 2; taken.has(unique); n += 1) unique = `${basename(folder)} (${n})/${path}`;
  return unique;
}
