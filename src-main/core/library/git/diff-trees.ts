import type { Change } from '../../../../src-contract/library.ts';
import { badPack, tooLarge } from '../errors.ts';
import { MAX_DEPTH, MAX_PATHS } from '../limits.ts';
import { isFile, isFolder } from './modes.ts';
import type { ObjectStore, Oid } from './object-store.ts';
import type { TreeEntry } from './objects.ts';

/** One file that differs between two trees. Null where that side has no such file. */
export interface TreeChange {
  readonly path: string;
  readonly change: Change['change'];
  readonly oldOid: Oid | null;
  readonly newOid: Oid | null;
}

/** Entries of both sides that one comparison looks at: every path of two libraries. Ends nested tree bombs. */
const MAX_ENTRIES = 2 * MAX_PATHS;

/**
 * The files that differ between two trees (null: the empty one), by path. Equal folders are skipped
 * unread. Only plain files count: links and submodules are as if they were not there, and whether a
 * file may be run is no difference. A file that became a folder is a deletion and additions. Names
 * that are not UTF-8 are given with escapes.
 *
 * Errors: `library/too-large` (entries, depth), `library/bad-pack` (a broken tree, a name twice),
 * `library/incomplete` (a tree that is not here).
 */
export async function diffTrees(
  store: Pick<ObjectStore, 'tree'>,
  before: Oid | null,
  after: Oid | null,
): Promise<readonly TreeChange[]> {
  const changes: TreeChange[] = [];
  let visited = 0;
  await compare(before, after, '', 0);
  return changes.toSorted((a, b) => (a.path < b.path ? -1 : 1));

  async function compare(a: Oid | null, b: Oid | null, prefix: string, depth: number) {
    if (a === b) return;
    if (depth > MAX_DEPTH) throw tooLarge('folders inside each other');
    const [old, now] = await Promise.all([side(a), side(b)]);
    for (const name of new Set([...old.files.keys(), ...now.files.keys()])) {
      const oldOid = old.files.get(name) ?? null;
      const newOid = now.files.get(name) ?? null;
      if (oldOid === newOid) continue;
      const change = oldOid === null ? 'added' : newOid === null ? 'deleted' : 'modified';
      changes.push({ path: prefix + name, change, oldOid, newOid });
    }
    for (const name of new Set([...old.folders.keys(), ...now.folders.keys()])) {
      const under = `${prefix}${name}/`;
      await compare(old.folders.get(name) ?? null, now.folders.get(name) ?? null, under, depth + 1);
    }
  }

  async function side(tree: Oid | null): Promise<Side> {
    const entries = tree === null ? [] : await store.tree(tree);
    visited += entries.length;
    if (visited > MAX_ENTRIES) throw tooLarge(`more than ${MAX_PATHS} files and folders`);
    return sortOut(entries);
  }
}

/** `diffTrees` of two commits; null is the version before the first one. */
export async function diffCommits(
  store: Pick<ObjectStore, 'tree' | 'commit'>,
  before: Oid | null,
  after: Oid,
): Promise<readonly TreeChange[]> {
  const old = before === null ? null : (await store.commit(before)).tree;
  return diffTrees(store, old, (await store.commit(after)).tree);
}

interface Side {
  readonly files: ReadonlyMap<string, Oid>;
  readonly folders: ReadonlyMap<string, Oid>;
}

function sortOut(entries: readonly TreeEntry[]): Side {
  const files = new Map<string, Oid>();
  const folders = new Map<string, Oid>();
  for (const entry of entries) {
    const name = entry.name ?? entry.shown;
    if (files.has(name) || folders.has(name)) throw badPack('a name twice in one folder');
    if (isFolder(entry.mode)) folders.set(name, entry.oid);
    else if (isFile(entry.mode)) files.set(name, entry.oid);
  }
  return { files, folders };
}
