import { join } from 'node:path';
import type { ItemDetail } from '../../../../src-contract/library.ts';
import { MAX_ITEM_CHARS } from '../../../../src-contract/limits.ts';
import { blockedParent } from '../files/inspect.ts';
import { blobOid } from '../git/objects.ts';
import { fileOid } from '../git/file-oid.ts';
import { MAX_FILE_BYTES } from '../limits.ts';
import { placeOf } from './item-kind.ts';
import { insideProblem, isSpelledSo } from './item-path.ts';
import { standingOf, stateOf } from './item-state.ts';
import { itemOf, statedFiles, type Shelf, type StatedFile } from './list-items.ts';
import { parseItem, readText } from './parse-item.ts';
import { readBounded, scanFile } from './scan-files.ts';

/** One item, or one part of one (as kind `other`), by its exact path; null where there is none. */
export function readItem(shelf: Shelf, path: string): ItemDetail | null {
  const file = findFile(shelf, path);
  if (!file) return null;
  const place = placeOf(path);
  const kind = place.kind === 'item' ? place.item : 'other';
  const folder = place.kind === 'item' ? place.folder : null;
  const parts =
    folder === null
      ? []
      : statedFiles(shelf, `${folder}/`)
          .filter((part) => part.path !== path)
          .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const at = join(shelf.root, path);
  const stat = file.scanned?.stat ?? null;
  const bytes = stat === null ? null : readBounded(at);
  const isOver = stat !== null && stat.size > MAX_FILE_BYTES;
  const parsed = parseItem(kind, path, bytes ?? Buffer.alloc(0));
  const head = itemOf(shelf, kind, file, parts);
  return {
    ...parsed,
    ...head,
    // The list reads no documents; their own problems are told here.
    problems: [...new Set([...(stat === null ? [] : parsed.problems), ...head.problems])],
    source: bytes === null ? null : sourceOf(bytes),
    oid: bytes === null ? (isOver ? fileOid(at, stat.size) : null) : blobOid(bytes),
    size: bytes?.length ?? (isOver ? stat.size : 0),
    parts: parts.map((part) => ({ path: part.path, state: part.state })),
  };
}

/** A file's bytes as a text that makes the same bytes again; null where they are no text, or too many. */
export function sourceOf(bytes: Uint8Array): string | null {
  const text = readText(bytes);
  return text === null || text.length > MAX_ITEM_CHARS ? null : text;
}

function findFile(shelf: Shelf, path: string): StatedFile | null {
  const { root, record } = shelf;
  const standing = standingOf(record);
  const stands = standing.pending.has(path) || standing.refused.has(path);
  const isReadable =
    insideProblem(path, process.platform) === null && blockedParent(root, path) === null;
  const isHere = isReadable && (record.files.has(path) || isSpelledSo(root, path));
  const scanned = isHere ? scanFile(root, record, path) : null;
  if (!scanned && !stands && !record.files.has(path)) return null;
  const local = scanned?.state ?? (record.files.has(path) ? 'deleted' : null);
  return { path, state: stateOf(standing, path, local), scanned };
}
