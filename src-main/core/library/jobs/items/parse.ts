import type { ParsedItem } from '../../../../../src-contract/library.ts';
import type { ItemJobs } from '../../item-jobs.ts';
import { placeOf } from '../../items/item-kind.ts';
import { parseItem } from '../../items/parse-item.ts';

/** What a text would be as the item at a path. Never throws: what is wrong is in `problems`. */
export function parse({ path, content }: ItemJobs['parse']['input']): ParsedItem {
  const place = placeOf(path);
  const kind = place.kind === 'item' ? place.item : 'other';
  return parseItem(kind, path, Buffer.from(content, 'utf8'));
}
