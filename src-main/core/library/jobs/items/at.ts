import { unknownItem } from '../../errors.ts';
import { blobAt } from '../../git/tree-path.ts';
import type { ItemJobs } from '../../item-jobs.ts';
import { placeOf } from '../../items/item-kind.ts';
import { checkInside } from '../../items/item-path.ts';
import { parseItem } from '../../items/parse-item.ts';
import { sourceOf } from '../../items/read-item.ts';
import { acceptedVersion, openHistory } from './history.ts';

/**
 * One file as it was in a version.
 * Errors: `library/none`, `library/bad-path`, `library/unknown-version`, `library/unknown-item`.
 */
export async function at(
  { dirs, version, path }: ItemJobs['at']['input'],
  signal?: AbortSignal,
): Promise<ItemJobs['at']['output']> {
  checkInside(path);
  const history = await openHistory(dirs, signal);
  const { commit } = await acceptedVersion(history, version);
  const oid = await blobAt(history.store, commit.tree, path);
  if (oid === null) throw unknownItem(path);
  const bytes = await history.store.blob(oid);
  const place = placeOf(path);
  const parsed = parseItem(place.kind === 'item' ? place.item : 'other', path, bytes);
  return { ...parsed, source: sourceOf(bytes), size: bytes.length };
}
