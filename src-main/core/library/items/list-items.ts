import type { Stats } from 'node:fs';
import { join } from 'node:path';
import type { Item, ItemKind, ItemState } from '../../../../src-contract/library.ts';
import type { FileRecord } from '../files/record.ts';
import { MAX_FILE_BYTES } from '../limits.ts';
import { folderItemOf, placeOf } from './item-kind.ts';
import { folderState, standingOf, stateOf } from './item-state.ts';
import { parseItem } from './parse-item.ts';
import { readBounded, scanFiles, type ScannedFile } from './scan-files.ts';

type Head = Pick<Item, 'name' | 'description' | 'problems'>;

/** Heads of parsed files by path, with the stat they were read at: a list of 10,000 items reads only what changed. */
export type HeadCache = Map<string, { readonly stat: Stats; readonly head: Head }>;

/** A library at rest, as lists need it. */
export interface Shelf {
  /** Folder of the files. */
  readonly root: string;
  readonly record: FileRecord;
  /** Files that a version changes which was fetched and not yet taken, and the folders of skills and templates they are in. */
  readonly incoming: ReadonlySet<string>;
  readonly heads: HeadCache;
}

/** A file with its state; `scanned` is null where the team's version alone has it. */
export interface StatedFile {
  readonly path: string;
  readonly state: ItemState;
  readonly scanned: ScannedFile | null;
}

/**
 * All items by path: what is on disk, what was deleted here, what waits for a decision, and what the
 * team's version has but is refused. Files in the folder of a skill or template that has no main file
 * are listed by themselves, so that nothing that will be published stays unseen.
 */
export function listItems(shelf: Shelf): readonly Item[] {
  const files = statedFiles(shelf);
  const folders = new Map<string, StatedFile[]>();
  const mains: { file: StatedFile; kind: ItemKind; folder: string | null }[] = [];
  for (const file of files) {
    const place = placeOf(file.path);
    if (place.kind === 'item') mains.push({ file, kind: place.item, folder: place.folder });
    else {
      const parts = folders.get(place.of);
      if (parts) parts.push(file);
      else folders.set(place.of, [file]);
    }
  }
  const items = mains.map(({ file, kind, folder }) => {
    const parts = folder === null ? [] : (folders.get(folder) ?? []);
    if (folder !== null) folders.delete(folder);
    return itemOf(shelf, kind, file, parts);
  });
  for (const orphans of folders.values()) {
    for (const file of orphans) items.push(itemOf(shelf, 'other', file, []));
  }
  return items.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** The files of the library, or of one folder of it (with its slash), by path. */
export function statedFiles(shelf: Shelf, below = ''): readonly StatedFile[] {
  const { root, record } = shelf;
  const standing = standingOf(record);
  const files: StatedFile[] = scanFiles(root, record, below).map((scanned) => ({
    path: scanned.path,
    state: stateOf(standing, scanned.path, scanned.state),
    scanned,
  }));
  const here = new Set(files.map(({ path }) => path));
  for (const path of new Set([...standing.pending, ...standing.refused.keys()])) {
    if (here.has(path) || !path.startsWith(below)) continue;
    files.push({ path, state: stateOf(standing, path, null), scanned: null });
  }
  return files;
}

/** An item from its main file and its parts. */
export function itemOf(
  shelf: Shelf,
  kind: ItemKind,
  file: StatedFile,
  parts: readonly StatedFile[],
): Item {
  const { record, incoming } = shelf;
  const head = headOf(shelf, kind, file);
  const refused = [file, ...parts].filter(({ state }) => state === 'quarantined');
  return {
    path: file.path,
    kind,
    name: head.name,
    description: head.description,
    state: folderState(
      file.state,
      parts.map(({ state }) => state),
    ),
    update: incoming.has(file.path) || incoming.has(folderItemOf(file.path)?.folder ?? file.path),
    problems: [...head.problems, ...refused.map(({ path }) => notWritten(record, path))],
  };
}

function headOf(shelf: Shelf, kind: ItemKind, { path, scanned }: StatedFile): Head {
  const { root, heads } = shelf;
  const stat = scanned?.stat ?? null;
  if (stat === null) {
    heads.delete(path);
    const { name } = parseItem(kind, path, Buffer.alloc(0));
    return { name, description: '', problems: [] };
  }
  const cached = heads.get(path);
  if (cached && isSame(cached.stat, stat)) return cached.head;
  const { name, description, problems } = readHead(root, kind, path, stat.size);
  const head = { name, description, problems };
  heads.set(path, { stat, head });
  return head;
}

function readHead(root: string, kind: ItemKind, path: string, size: number): Head {
  // Documents are listed by name; only Knowledge reads them.
  if (kind === 'knowledge' || kind === 'other') {
    return { ...parseItem(kind, path, Buffer.alloc(0)), problems: [] };
  }
  const bytes = readBounded(join(root, path));
  const parsed = parseItem(kind, path, bytes ?? Buffer.alloc(0));
  if (bytes !== null) return parsed;
  const isOver = size > MAX_FILE_BYTES;
  return {
    ...parsed,
    problems: [isOver ? 'The file is larger than 10 MB.' : "The file can't be read."],
  };
}

function notWritten(record: FileRecord, path: string): string {
  const reason = record.refused.find((refused) => refused.path === path)?.reason;
  return `${path} is not written here: ${reason ?? 'it was refused'}.`;
}

function isSame(a: Stats, b: Stats): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;
}
