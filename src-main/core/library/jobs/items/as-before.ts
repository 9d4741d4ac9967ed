import type { ItemDetail, ItemKind } from '../../../../../src-contract/library.ts';
import type { LibraryDirs } from '../../git-jobs.ts';
import type { HeadCache } from '../../items/list-items.ts';
import { item as itemJob } from './item.ts';
import { items as itemsJob } from './items.ts';
import { log as logJob } from './log.ts';

export function items(dirs: LibraryDirs, heads: HeadCache, kind: ItemKind | null) {
  return itemsJob({ dirs, kind }, heads);
}

export function item(dirs: LibraryDirs, heads: HeadCache, path: string): ItemDetail | null {
  return itemJob({ dirs, path }, heads);
}

export async function log(dirs: LibraryDirs, limit: number) {
  return logJob({ dirs, limit, path: null });
}
