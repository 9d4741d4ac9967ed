import type { TreeChange } from '../git/diff-trees.ts';

/** So many files may go without asking, in a library of any size. */
const MOST_FILES = 20;
/** And such a part of all files. */
const MOST_PART = 0.1;
/** One file never asks: it is seen in any list of changes, and a brake that is pulled each day is released unread. */
const FEW_FILES = 1;

/**
 * Whether a change deletes so much that a person is asked first: more than 20 files, or more than a
 * tenth of them. A file that only gets another path is not deleted. `files`: how many there are before.
 */
export function braked(
  changes: readonly TreeChange[],
  files: number,
): { readonly deletions: number } | null {
  const arrived = new Map<string, number>();
  for (const { oldOid, newOid } of changes) {
    if (oldOid === null && newOid !== null) arrived.set(newOid, (arrived.get(newOid) ?? 0) + 1);
  }
  let deletions = 0;
  for (const { oldOid, newOid } of changes) {
    if (oldOid === null || newOid !== null) continue;
    const moved = arrived.get(oldOid) ?? 0;
    if (moved > 0) arrived.set(oldOid, moved - 1);
    else deletions += 1;
  }
  const isMuch = deletions > MOST_FILES || deletions > files * MOST_PART;
  return deletions > FEW_FILES && isMuch ? { deletions } : null;
}
