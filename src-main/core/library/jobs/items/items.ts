import type { Item } from '../../../../../src-contract/library.ts';
import type { ItemJobs } from '../../item-jobs.ts';
import { listItems, type HeadCache } from '../../items/list-items.ts';
import { shelfOf } from './shelf.ts';

/** Items by path; none without a library. */
export function items(
  { dirs, kind }: ItemJobs['items']['input'],
  heads: HeadCache,
): readonly Item[] {
  const shelf = shelfOf(dirs, heads);
  if (!shelf) return [];
  const all = listItems(shelf);
  return kind === null ? all : all.filter((item) => item.kind === kind);
}
