import type { Version } from '../../../../../src-contract/library.ts';
import { ObjectStore, type Oid } from '../../git/object-store.ts';
import { TreePaths } from '../../git/tree-path.ts';
import type { ItemJobs } from '../../item-jobs.ts';
import { badPath } from '../../items/item-errors.ts';
import { placeOf } from '../../items/item-kind.ts';
import { insideProblem } from '../../items/item-path.ts';
import { versionOf } from './version-of.ts';
import { recordHere } from './shelf.ts';

/** Versions looked at for one list: years of a busy team, some seconds at most. */
export const MAX_WALKED = 10_000;

/**
 * Versions along the first parents, newest first; with `path` those that changed it, a skill or
 * template as a folder. Ends at `limit` or after `MAX_WALKED` versions.
 * Errors: `library/none`, `library/bad-path`.
 */
export async function log(
  { dirs, limit, path }: ItemJobs['log']['input'],
  signal?: AbortSignal,
): Promise<readonly Version[]> {
  const problem = path === null ? null : insideProblem(path, process.platform);
  if (path !== null && problem !== null) throw badPath(path, problem);
  const record = recordHere(dirs);
  const store = await ObjectStore.open(dirs.library);
  const paths = path === null ? null : new TreePaths(store, folderOr(path));
  const versions: Version[] = [];
  let oid: Oid | undefined = record.commit;
  for (let walked = 0; oid && walked < MAX_WALKED && versions.length < limit; walked += 1) {
    signal?.throwIfAborted();
    const commit = await store.commit(oid);
    const [parent] = commit.parents;
    if (!paths || (await isChanged(paths, commit.tree, parent))) {
      versions.push(
        versionOf(oid, commit, walked < record.queued.versions ? 'queued' : 'published'),
      );
    }
    oid = parent;
  }
  return versions;

  async function isChanged(of: TreePaths, tree: Oid, parent: Oid | undefined): Promise<boolean> {
    const now = await of.in(tree);
    const before = parent === undefined ? null : await of.in((await store.commit(parent)).tree);
    return now?.oid !== before?.oid;
  }
}

function folderOr(path: string): string {
  const place = placeOf(path);
  return place.kind === 'item' && place.folder !== null ? place.folder : path;
}
