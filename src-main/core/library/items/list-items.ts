import { readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { Item, ItemDetail, ItemKind } from '../../../../src-contract/library.ts';
import type { FileRecord } from '../files/record.ts';
import { statOrNull } from '../files/record.ts';
import { MAX_FILE_BYTES } from '../limits.ts';
import { placeOf } from './item-kind.ts';
import { parseItem, type ParsedItem } from './parse-item.ts';
import { scanFiles, type ScannedFile } from './scan-files.ts';

type Head = Pick<Item, 'name' | 'description' | 'problems'>;

/** Heads of parsed files by path, with the stat they were read at: a list of 10,000 items reads only what changed. */
export type HeadCache = Map<string, { readonly stat: Stats; readonly head: Head }>;

/**
 * All items by path: what is on disk, what was deleted here, and what the team's version has but is
 * refused (as `deleted`, with the reason).
 */
export function listItems(root: string, record: FileRecord, heads: HeadCache): readonly Item[] {
  const scanned = scanFiles(root, record);
  const editedFolders = new Set<string>();
  const items: (Item & { folder: string | null })[] = [];
  for (const file of scanned) {
    const place = placeOf(file.path);
    if (place.kind === 'part') {
      if (file.state !== 'clean') editedFolders.add(place.of);
      continue;
    }
    const head = headOf(root, place.item, file, heads);
    items.push({
      path: file.path,
      kind: place.item,
      ...head,
      state: file.state,
      folder: place.folder,
    });
  }
  const refused = record.refused
    .filter(({ path }) => !items.some((item) => item.path === path))
    .map(({ path, reason }) => refusedItem(path, reason));
  return [
    ...items.map(({ folder, ...item }) =>
      folder !== null && item.state === 'clean' && editedFolders.has(folder)
        ? { ...item, state: 'edited' as const }
        : item,
    ),
    ...refused,
  ].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** One item by its exact path; null where there is none. */
export function readItem(
  root: string,
  record: FileRecord,
  heads: HeadCache,
  path: string,
): ItemDetail | null {
  const item = listItems(root, record, heads).find((each) => each.path === path);
  if (!item) return null;
  const bytes = item.state === 'deleted' ? null : readBounded(root, path);
  const { body, variables, collections, tools, starters, route } = parseItem(
    item.kind,
    path,
    bytes ?? Buffer.alloc(0),
  );
  return { ...item, body, variables, collections, tools, starters, route };
}

function headOf(root: string, kind: ItemKind, file: ScannedFile, heads: HeadCache): Head {
  const cached = heads.get(file.path);
  if (cached && file.stat && isSame(cached.stat, file.stat)) return cached.head;
  const { name, description, problems } = parseHead(root, kind, file);
  const head = { name, description, problems };
  if (file.stat) heads.set(file.path, { stat: file.stat, head });
  else heads.delete(file.path);
  return head;
}

function parseHead(root: string, kind: ItemKind, file: ScannedFile): ParsedItem {
  // Documents are listed by name; only Knowledge reads them.
  const needsBytes = kind !== 'knowledge' && kind !== 'other' && file.stat !== null;
  const bytes = needsBytes ? readBounded(root, file.path) : Buffer.alloc(0);
  const parsed = parseItem(kind, file.path, bytes ?? Buffer.alloc(0));
  if (!needsBytes) return { ...parsed, problems: [] };
  return bytes === null ? { ...parsed, problems: ['The file is larger than 10 MB.'] } : parsed;
}

function readBounded(root: string, path: string): Buffer | null {
  const at = join(root, path);
  const stat = statOrNull(at);
  if (!stat?.isFile() || stat.size > MAX_FILE_BYTES) return null;
  return readFileSync(at);
}

function refusedItem(path: string, reason: string): Item {
  const place = placeOf(path);
  return {
    path,
    kind: place.kind === 'item' ? place.item : 'other',
    name: path,
    description: '',
    state: 'deleted',
    problems: [`Not written here: ${reason}.`],
  };
}

function isSame(a: Stats, b: Stats): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;
}
