import { AppError } from '../../../../src-contract/app-error.ts';
import { incomplete, tooLarge } from '../errors.ts';
import { MAX_DEPTH } from '../limits.ts';
import { isFolder, isSubmodule } from './modes.ts';
import type { ObjectStore, Oid } from './object-store.ts';
import type { Commit } from './objects.ts';
import { turns } from './turns.ts';

export interface NewPart {
  /** Commits that the trusted version doesn't have, the tip first. */
  readonly commits: readonly Oid[];
}

/**
 * Checks that everything a new tip needs is here: each commit down to the trusted ones, each of
 * their trees, each file. A server may send a pack that lacks what it promised. What a commit shares
 * with its parent is not walked again. Where something is missing, what was fetched loses its name, so
 * that the next fetch asks for all of it again. Others get their turn meanwhile; what `onObjects`
 * throws (a cancel) ends it.
 *
 * Errors: `library/incomplete`; `library/diverged` where the tip doesn't descend from `trusted`;
 * `library/too-large` (depth).
 */
export async function walkNewPart(
  store: ObjectStore,
  tip: Oid,
  trusted: Oid | null,
  onObjects: (count: number) => void,
): Promise<NewPart> {
  try {
    const found = await newCommits(store, tip, trusted);
    await walkTrees(store, found, trusted, onObjects);
    return { commits: [...found.keys()] };
  } catch (error) {
    if (error instanceof AppError && error.code === 'library/incomplete') store.dropFetched();
    throw error;
  }
}

/**
 * The commits that another version (null: none) doesn't have, the tip first. Errors: `library/diverged`
 * where the tip doesn't descend from it; `library/incomplete`.
 */
export async function newCommits(
  store: ObjectStore,
  tip: Oid,
  trusted: Oid | null,
): Promise<Map<Oid, Commit>> {
  const found = new Map<Oid, Commit>();
  const queue = [tip];
  const turn = turns();
  let meetsTrusted = trusted === null;
  // All below the trusted version is only needed where a line of history may end there elsewhere: at a merge.
  let known: ReadonlySet<Oid> | null = null;
  for (let oid = queue.shift(); oid !== undefined; oid = queue.shift()) {
    if (oid === trusted) meetsTrusted = true;
    if (oid === trusted || found.has(oid) || known?.has(oid)) continue;
    const commit = await store.commit(oid);
    await turn();
    found.set(oid, commit);
    if (commit.parents.length > 1 && trusted !== null) known ??= await ancestors(store, trusted);
    queue.push(...commit.parents);
  }
  if (!meetsTrusted || tip === trusted) throw diverged();
  return found;
}

/** The oldest first: each commit is compared with a parent that is known to be whole. */
async function walkTrees(
  store: ObjectStore,
  commits: ReadonlyMap<Oid, Commit>,
  trusted: Oid | null,
  onObjects: (count: number) => void,
): Promise<void> {
  const whole = new Set<Oid>();
  const turn = turns();
  let objects = 0;
  for (const commit of [...commits.values()].toReversed()) {
    const [parent] = commit.parents;
    const before =
      parent === undefined || (parent !== trusted && !commits.has(parent)) ? null : parent;
    const base =
      before === null ? null : (commits.get(before) ?? (await store.commit(before))).tree;
    await walkTree(commit.tree, base, 0);
    onObjects((objects += 1));
  }

  async function walkTree(oid: Oid, base: Oid | null, depth: number): Promise<void> {
    if (oid === base || whole.has(oid)) return;
    if (depth > MAX_DEPTH) throw tooLarge('folders inside each other');
    whole.add(oid);
    await turn();
    const files = new Map<string, Oid>();
    const folders = new Map<string, Oid>();
    for (const { mode, shown, oid: id } of base === null ? [] : await store.tree(base)) {
      if (!isSubmodule(mode)) (isFolder(mode) ? folders : files).set(shown, id);
    }
    for (const { mode, shown, oid: id } of await store.tree(oid)) {
      if (isSubmodule(mode)) continue;
      if (isFolder(mode)) await walkTree(id, folders.get(shown) ?? null, depth + 1);
      else if (files.get(shown) !== id && !store.has(id)) throw incomplete(id);
    }
    onObjects((objects += 1));
  }
}

/** All commits below one that is known to be whole, itself included. */
async function ancestors(store: ObjectStore, from: Oid): Promise<Set<Oid>> {
  const found = new Set<Oid>([from]);
  const queue = [from];
  const turn = turns();
  for (let oid = queue.pop(); oid !== undefined; oid = queue.pop()) {
    await turn();
    for (const parent of (await store.commit(oid)).parents) {
      if (found.has(parent)) continue;
      found.add(parent);
      queue.push(parent);
    }
  }
  return found;
}

function diverged(): AppError {
  return new AppError(
    'library/diverged',
    'The remote no longer continues the version that this library has.',
    {
      remedy:
        'Ask the team whether its history was rewritten. Nothing was changed here; a new workspace can connect to the new history.',
      action: 'open-library',
    },
  );
}
