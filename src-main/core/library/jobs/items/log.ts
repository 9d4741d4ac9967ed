import type { Version } from '../../../../../src-contract/library.ts';
import type { Oid } from '../../git/object-store.ts';
import { TreePaths } from '../../git/tree-path.ts';
import type { ItemJobs } from '../../item-jobs.ts';
import { folderItemOf } from '../../items/item-kind.ts';
import { checkInside } from '../../items/item-path.ts';
import { firstParents, openHistory, toVersion } from './history.ts';

/**
 * Versions along the first parents, newest first; with `path` those that changed it, a skill or
 * template as a folder. At most `limit`, of the newest 10,000.
 * Errors: `library/none`, `library/bad-path`.
 */
export async function log(
  { dirs, limit, path }: ItemJobs['log']['input'],
  signal?: AbortSignal,
): Promise<readonly Version[]> {
  if (path !== null) checkInside(path);
  const history = await openHistory(dirs, signal);
  const { store } = history;
  const found = path === null ? null : new TreePaths(store, folderItemOf(path)?.folder ?? path);
  const versions: Version[] = [];
  for await (const step of firstParents(history)) {
    if (versions.length >= limit) break;
    const { tree, parents } = step.commit;
    if (!found || (await isChanged(found, tree, parents[0]))) {
      versions.push(toVersion(history, step));
    }
  }
  return versions;

  async function isChanged(at: TreePaths, tree: Oid, parent: Oid | undefined): Promise<boolean> {
    const now = await at.in(tree);
    const before = parent === undefined ? null : await at.in((await store.commit(parent)).tree);
    return now?.oid !== before?.oid;
  }
}
