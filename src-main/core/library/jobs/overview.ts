import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ItemDetail, ItemKind } from '../../../../src-contract/library.ts';
import type { LibraryDirs, Overview, Version } from '../git-jobs.ts';
import { noLibrary } from '../errors.ts';
import { statOrNull, readRecord, type FileRecord } from '../files/record.ts';
import { ObjectStore } from '../git/object-store.ts';
import { FieldReader } from '../items/fields.ts';
import { parseFields } from '../items/front-matter.ts';
import { listItems, readItem, type HeadCache } from '../items/list-items.ts';
import { MAX_YAML_CHARS } from '../limits.ts';
import { exists, readState } from './library-state.ts';

const NAMELESS = 'Library';

/** What is here, counted. Null where there is no library, or its first version isn't written yet. */
export function overview(dirs: LibraryDirs, heads: HeadCache): Overview | null {
  const record = recordOf(dirs);
  if (!record) return null;
  const items = listItems(dirs.files, record, heads);
  const refused = new Set(record.refused.map(({ path }) => path));
  const { url, checkedAt } = readState(dirs.library);
  return {
    name: readName(dirs.files) ?? (url ? basename(url, '.git') : NAMELESS),
    url,
    version: record.commit,
    items: items.length,
    edited: items.filter(({ path, state }) => state !== 'clean' && !refused.has(path)).length,
    checkedAt,
    refused: record.refused,
  };
}

export function items(dirs: LibraryDirs, heads: HeadCache, kind: ItemKind | null) {
  const record = recordOf(dirs);
  if (!record) return [];
  const all = listItems(dirs.files, record, heads);
  return kind === null ? all : all.filter((item) => item.kind === kind);
}

export function item(dirs: LibraryDirs, heads: HeadCache, path: string): ItemDetail | null {
  const record = recordOf(dirs);
  return record && readItem(dirs.files, record, heads, path);
}

/** Versions along the first parents, newest first. Errors: `library/none`. */
export async function log(dirs: LibraryDirs, limit: number): Promise<readonly Version[]> {
  const record = recordOf(dirs);
  if (!record) throw noLibrary();
  const store = await ObjectStore.open(dirs.library);
  const versions: Version[] = [];
  for (let oid: string | undefined = record.commit; oid && versions.length < limit;) {
    const { message, author, at, parents } = await store.commit(oid);
    versions.push({ version: oid, message, author, at });
    oid = parents[0];
  }
  return versions;
}

function recordOf(dirs: LibraryDirs): FileRecord | null {
  return exists(dirs.library) ? readRecord(dirs.library) : null;
}

function readName(files: string): string | null {
  const path = join(files, 'carrel.yaml');
  const stat = statOrNull(path);
  if (!stat?.isFile() || stat.size > MAX_YAML_CHARS) return null;
  return new FieldReader(parseFields(readFileSync(path, 'utf8')).fields, []).name('name');
}
