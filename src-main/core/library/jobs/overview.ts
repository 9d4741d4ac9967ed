import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ItemState } from '../../../../src-contract/library.ts';
import type { LibraryDirs } from '../git-jobs.ts';
import type { Overview } from '../sync-jobs.ts';
import { statOrNull } from '../files/record.ts';
import { FieldReader } from '../items/fields.ts';
import { parseFields } from '../items/front-matter.ts';
import { listItems, type HeadCache } from '../items/list-items.ts';
import { MAX_YAML_CHARS } from '../limits.ts';
import { notesOf, shelfOf } from './items/shelf.ts';

const NAMELESS = 'Library';
const CHANGED_HERE: ReadonlySet<ItemState> = new Set(['edited', 'added', 'deleted']);

/** What is here, counted. Null where there is no library, or its first version isn't written yet. */
export function overview(dirs: LibraryDirs, heads: HeadCache): Overview | null {
  const shelf = shelfOf(dirs, heads);
  if (!shelf) return null;
  const { record } = shelf;
  const items = listItems(shelf);
  const { url, checkedAt, available, held, quarantined } = notesOf(dirs);
  return {
    name: readName(dirs.files) ?? (url ? basename(url, '.git') : NAMELESS),
    url,
    version: record.commit,
    items: items.length,
    edited: items.filter(({ state }) => CHANGED_HERE.has(state)).length,
    conflicts: record.pending.size,
    queued: record.queued.versions,
    checkedAt,
    available: available ?? null,
    held: held ?? null,
    quarantined: quarantined ?? [],
    refused: record.refused,
  };
}

function readName(files: string): string | null {
  const path = join(files, 'carrel.yaml');
  const stat = statOrNull(path);
  if (!stat?.isFile() || stat.size > MAX_YAML_CHARS) return null;
  return new FieldReader(parseFields(readFileSync(path, 'utf8')).fields, []).name('name');
}
