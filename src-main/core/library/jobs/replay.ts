import type { Intent } from '../files/journal.ts';
import { openTrash, trashId } from '../files/trash.ts';
import { diffTrees, type TreeChange } from '../git/diff-trees.ts';
import type { ObjectStore, Oid } from '../git/object-store.ts';
import { commitText, writeCommit } from '../git/write-commit.ts';
import { writeTree } from '../git/write-tree.ts';
import type { LibraryDirs } from '../git-jobs.ts';
import { mergeText } from '../merge/merge-text.ts';
import { mergeTrees, parentsOf } from '../merge/merge-trees.ts';
import { foldedPath, pathProblem } from '../portable-path.ts';
import { queueOf } from './queue.ts';
import type { Report } from './reporter.ts';

/** The queue on top of a newer version of the team. */
export interface Replayed {
  readonly local: Oid | null;
  /** Paths that are no longer in the queue, with what their edits start from. */
  readonly bases: Intent['bases'];
}

export interface ReplayInput {
  readonly trusted: Oid;
  readonly local: Oid | null;
  /** The team's new version. */
  readonly onto: Oid;
  /** Commits that came with it. */
  readonly arrived: readonly Oid[];
  readonly now: number;
}

/**
 * Brings each waiting commit onto the team's new version; author, time and message stay. What the
 * remote has already is left out, and so is a commit that changes nothing any more. A path that both
 * changed and that can't be merged leaves this and all later commits. Bytes that were committed here
 * and are in no commit any more go to the trash. Moves no ref.
 */
export async function replay(
  store: ObjectStore,
  dirs: LibraryDirs,
  input: ReplayInput,
  report: Report,
): Promise<Replayed> {
  const { trusted, onto, now } = input;
  const queue = await queueOf(store, trusted, input.local);
  const arrived = new Set([onto, ...input.arrived]);
  const there = queue.findLastIndex((oid) => arrived.has(oid));
  const waiting = queue.slice(there + 1);
  const id = trashId(now);
  const mergedTrash = openTrash(dirs.trash, { id: `${id}-merged`, at: now, why: 'merged' });
  const droppedTrash = openTrash(dirs.trash, { id: `${id}-queue`, at: now, why: 'replaced' });
  const bases = new Map<string, Oid | null>();
  let parent = queue[there] ?? trusted;
  let tip = onto;
  for (const [n, oid] of waiting.entries()) {
    report('merging', n, waiting.length);
    await one(oid);
    parent = oid;
  }
  return {
    local: tip === onto ? null : tip,
    bases: [...bases].map(([path, oid]) => ({ path, oid })),
  };

  async function one(oid: Oid): Promise<void> {
    const base = (await store.commit(parent)).tree;
    const all = await diffTrees(store, base, (await store.commit(oid)).tree);
    for (const { path, newOid } of all) {
      if (bases.has(path) && newOid !== null) await keep(droppedTrash, path, newOid);
    }
    const theirTree = (await store.commit(tip)).tree;
    const theirs = await diffTrees(store, base, theirTree);
    const isSpelledElse = otherSpelling(theirs);
    for (const { path, oldOid, newOid } of all) {
      if (newOid === null || bases.has(path) || !isSpelledElse(path)) continue;
      bases.set(path, oldOid);
      await keep(droppedTrash, path, newOid);
    }
    const mine = all.filter(({ path }) => !bases.has(path) && pathProblem(path) === null);
    const result = await mergeTrees(mine, theirs, mergeFile);
    for (const { path, mine } of result.merged) await keep(mergedTrash, path, mine);
    for (const { path, base, mine } of result.dropped) {
      bases.set(path, base);
      if (mine !== null) await keep(droppedTrash, path, mine);
    }
    const tree = await writeTree(store, theirTree, result.take);
    if (tree !== theirTree)
      tip = await writeCommit(store, tree, [tip], await commitText(store, oid));
  }

  async function mergeFile(base: Oid, mine: Oid, theirs: Oid): Promise<Oid | null> {
    const merged = mergeText(
      await store.blob(base),
      await store.blob(mine),
      await store.blob(theirs),
    );
    const { fs, gitdir } = store;
    return merged.kind === 'clean' ? store.git.writeBlob({ fs, gitdir, blob: merged.bytes }) : null;
  }

  async function keep(trash: typeof mergedTrash, path: string, oid: Oid): Promise<void> {
    trash.keep(await store.blob(oid), path);
  }
}

/** Whether a path, or a folder that it is in, came from the team with the same name but for case or accents. */
function otherSpelling(theirs: readonly TreeChange[]): (path: string) => boolean {
  const spelled = new Map<string, string>();
  for (const { path, newOid } of theirs) {
    if (newOid !== null)
      for (const name of [...parentsOf(path), path]) spelled.set(foldedPath(name), name);
  }
  return (path) =>
    [...parentsOf(path), path].some((name) => (spelled.get(foldedPath(name)) ?? name) !== name);
}
