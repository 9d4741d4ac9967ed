import { badPack, tooLarge } from '../errors.ts';
import type { Refused } from '../sync-jobs.ts';
import { MAX_DEPTH, MAX_PATHS, MAX_PROBLEMS } from '../limits.ts';
import { foldedPath, pathProblem } from '../portable-path.ts';
import { isFile, isFolder, isSubmodule } from './modes.ts';
import type { ObjectStore, Oid } from './object-store.ts';
import type { TreeEntry } from './objects.ts';

/** Trees kept while listing: nested tree bombs repeat a few trees without end, and must not be unpacked each time. */
const KEPT_TREES = 1_000;

export interface TreeFiles {
  /** Files that may be written, by path. */
  readonly files: ReadonlyMap<string, Oid>;
  /** What is in the tree and never written. Bounded by MAX_PROBLEMS. */
  readonly refused: readonly Refused[];
}

/**
 * The files of one version that can be written on every system, and what is refused with its reason.
 * Of names that only differ in case or composition the one in `present` stays, else the first.
 *
 * Errors: `library/too-large` (paths, depth), `library/bad-pack` (a name twice in one folder).
 */
export async function treeFiles(
  store: ObjectStore,
  commit: Oid,
  present: ReadonlySet<string>,
): Promise<TreeFiles> {
  const found: { path: string; oid: Oid }[] = [];
  const refused: Refused[] = [];
  const trees = new Map<Oid, readonly TreeEntry[]>();
  let visited = 0;
  await visit((await store.commit(commit)).tree, '', 0);

  found.sort((a, b) => Number(present.has(b.path)) - Number(present.has(a.path)));
  const names = new Map<string, string>();
  const files = new Map<string, Oid>();
  for (const { path, oid } of found) {
    if (claims(names, path)) files.set(path, oid);
    else refuse(path, 'another file has the same name but for case or accents');
  }
  return { files, refused: refused.slice(0, MAX_PROBLEMS) };

  async function visit(tree: Oid, prefix: string, depth: number): Promise<void> {
    if (depth > MAX_DEPTH) throw tooLarge('folders inside each other');
    const seen = new Set<string>();
    for (const entry of await entriesOf(tree)) {
      visited += 1;
      // Counts folders too: trees can be nested so that they have no file and no end.
      if (visited > MAX_PATHS) throw tooLarge(`more than ${MAX_PATHS} files and folders`);
      if (seen.has(entry.name ?? entry.shown)) throw badPack('a name twice in one folder');
      seen.add(entry.name ?? entry.shown);
      const path = prefix + (entry.name ?? entry.shown);
      const problem = entryProblem(entry, path);
      if (problem !== null) refuse(prefix + entry.shown, problem);
      else if (isFolder(entry.mode)) await visit(entry.oid, `${path}/`, depth + 1);
      else found.push({ path, oid: entry.oid });
    }
  }

  async function entriesOf(tree: Oid): Promise<readonly TreeEntry[]> {
    const known = trees.get(tree);
    if (known) return known;
    const entries = await store.tree(tree);
    if (trees.size < KEPT_TREES) trees.set(tree, entries);
    return entries;
  }

  function refuse(path: string, reason: string): void {
    refused.push({ path, reason });
  }
}

function entryProblem(entry: TreeEntry, path: string): string | null {
  if (entry.name === null) return 'its name is not valid UTF-8';
  if (entry.name.includes('/')) return 'its name has a slash';
  if (isSubmodule(entry.mode)) return 'it is a link to another repository';
  if (entry.mode === '120000') return 'it is a symbolic link';
  if (!isFile(entry.mode) && !isFolder(entry.mode)) return 'it is of an unknown kind';
  return pathProblem(path);
}

/** A version whose files are known, none of them refused. */
export interface KnownVersion {
  readonly commit: Oid;
  readonly files: ReadonlyMap<string, Oid>;
}

/**
 * `treeFiles` of a version that differs little from a known one: only folders that differ are read.
 * Where something in them would be refused, all of it is listed.
 */
export async function treeFilesAfter(
  store: ObjectStore,
  commit: Oid,
  known: KnownVersion | null,
  present: ReadonlySet<string>,
): Promise<TreeFiles> {
  if (known === null) return treeFiles(store, commit, present);
  const files = new Map(known.files);
  const added: string[] = [];
  let visited = 0;
  let isOdd = false;
  const before = (await store.commit(known.commit)).tree;
  await compare(before, (await store.commit(commit)).tree, '', 0);
  if (isOdd || files.size > MAX_PATHS || clash()) return treeFiles(store, commit, present);
  return { files, refused: [] };

  async function compare(a: Oid | null, b: Oid | null, prefix: string, depth: number) {
    if (a === b || isOdd) return;
    if (depth > MAX_DEPTH) throw tooLarge('folders inside each other');
    const old = new Map((a === null ? [] : await store.tree(a)).map((each) => [each.shown, each]));
    const now = b === null ? [] : await store.tree(b);
    visited += now.length;
    if (visited > MAX_PATHS) throw tooLarge(`more than ${MAX_PATHS} files and folders`);
    const names = new Set(now.map(({ name, shown }) => name ?? shown));
    if (names.size !== now.length) throw badPack('a name twice in one folder');
    for (const entry of now) {
      const path = prefix + entry.shown;
      const was = old.get(entry.shown);
      if (was?.oid === entry.oid && was.mode === entry.mode) continue;
      if (entryProblem(entry, path) !== null) isOdd = true;
      else if (isFolder(entry.mode)) {
        if (was && !isFolder(was.mode)) files.delete(path);
        await compare(was && isFolder(was.mode) ? was.oid : null, entry.oid, `${path}/`, depth + 1);
      } else {
        if (was && isFolder(was.mode)) await compare(was.oid, null, `${path}/`, depth + 1);
        if (!files.has(path)) added.push(path);
        files.set(path, entry.oid);
      }
    }
    for (const [name, was] of old) {
      if (names.has(name)) continue;
      if (isFolder(was.mode)) await compare(was.oid, null, `${prefix}${name}/`, depth + 1);
      else files.delete(prefix + name);
    }
  }

  /** Whether a new name is an old one in another spelling. */
  function clash(): boolean {
    if (added.length === 0) return false;
    const names = new Map<string, string>();
    return [...files.keys()].some((path) => !claims(names, path));
  }
}

/** Takes a path and its folders, unless one of them is taken in another spelling. */
function claims(names: Map<string, string>, path: string): boolean {
  const prefixes = [...path.matchAll(/\/|$/g)].map(({ index }) => path.slice(0, index));
  if (prefixes.some((prefix) => (names.get(foldedPath(prefix)) ?? prefix) !== prefix)) return false;
  for (const prefix of prefixes) names.set(foldedPath(prefix), prefix);
  return true;
}
