import type { ItemDetail } from '../../../../../src-contract/library.ts';
import type { ItemJobs } from '../../item-jobs.ts';
import type { HeadCache } from '../../items/list-items.ts';
import { readItem } from '../../items/read-item.ts';
import { shelfOf } from './shelf.ts';

/** One item whole; null where there is none of this exact path. */
export function item(
  { dirs, path }: ItemJobs['item']['input'],
  heads: HeadCache,
): ItemDetail | null {
  const shelf = shelfOf(dirs, heads);
  return shelf && readItem(shelf, path);
}
