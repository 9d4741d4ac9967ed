/** A file that one side changed: its blob before and after, null where there was or is none. */
export interface SideChange {
  readonly path: string;
  readonly oldOid: string | null;
  readonly newOid: string | null;
}

/** A path that both sides changed and nobody but a person can merge. */
export interface Dropped {
  readonly path: string;
  /** What both sides started from. */
  readonly base: string | null;
  readonly mine: string | null;
}

export interface MergedTrees {
  /** What is to be changed in their tree: blob by path, null for a file that goes. */
  readonly take: ReadonlyMap<string, string | null>;
  /** Paths where what was mine became something else, with what it was. */
  readonly merged: readonly { readonly path: string; readonly mine: string }[];
  /** Left as they have it. */
  readonly dropped: readonly Dropped[];
}

/**
 * Brings my changes onto their tree. Both are given as what they change in a common base. A path
 * that only I changed is taken; one that both changed is merged by `mergeFile` (null: it can't be)
 * or dropped; so is a file of mine where they have a folder, and the other way.
 */
export async function mergeTrees(
  mine: readonly SideChange[],
  theirs: readonly SideChange[],
  mergeFile: (base: string, mine: string, theirs: string) => Promise<string | null>,
): Promise<MergedTrees> {
  const theirNew = new Map(theirs.map(({ path, newOid }) => [path, newOid]));
  const take = new Map<string, string | null>();
  const merged: { path: string; mine: string }[] = [];
  const dropped: Dropped[] = [];
  for (const { path, oldOid, newOid } of mine) {
    const their = theirNew.get(path);
    if (their === undefined) take.set(path, newOid);
    else if (their !== newOid) await mergeOne(path, oldOid, newOid, their);
  }
  dropClashes();
  return { take, merged, dropped };

  async function mergeOne(
    path: string,
    base: string | null,
    own: string | null,
    their: string | null,
  ): Promise<void> {
    const oid =
      base !== null && own !== null && their !== null ? await mergeFile(base, own, their) : null;
    if (oid === null || own === null) dropped.push({ path, base, mine: own });
    else if (oid !== their) {
      take.set(path, oid);
      if (oid !== own) merged.push({ path, mine: own });
    } else merged.push({ path, mine: own });
  }

  /** A file of mine can't stand where they have a folder, nor below a file of theirs. */
  function dropClashes(): void {
    const standing = new Set<string>();
    for (const [path, oid] of theirNew)
      if (oid !== null && take.get(path) !== null) standing.add(path);
    // What I would have deleted or replaced and may not is still there.
    for (const { path } of dropped) {
      const their = theirNew.get(path);
      if (their !== undefined && their !== null) standing.add(path);
    }
    const folders = new Set([...standing].flatMap(parentsOf));
    for (const { path, oldOid, newOid } of mine) {
      if (newOid === null || !take.has(path)) continue;
      if (!folders.has(path) && !parentsOf(path).some((parent) => standing.has(parent))) continue;
      take.delete(path);
      dropped.push({ path, base: oldOid, mine: newOid });
    }
  }
}

/** The folders that a path is in, by path. */
export function parentsOf(path: string): readonly string[] {
  return [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
}
