import { readdirSync, readFileSync, type Dirent, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { ItemState } from '../../../../src-contract/library.ts';
import { isMissing } from '../git/atomic-fs.ts';
import { blobOid } from '../git/objects.ts';
import { statOrNull, untouched, type FileRecord } from '../files/record.ts';
import { MAX_DEPTH, MAX_FILE_BYTES, MAX_PATHS } from '../limits.ts';

/** How a file here stands to what was written here. */
export type LocalState = Extract<ItemState, 'clean' | 'edited' | 'added' | 'deleted'>;

export interface ScannedFile {
  readonly path: string;
  readonly state: LocalState;
  /** Null where the file is gone. */
  readonly stat: Stats | null;
}

/** What systems leave in folders by themselves. */
export const LITTER: ReadonlySet<string> = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

/**
 * Compares the library's folder (or the folder `below` it, with its slash) with what was written into
 * it: by size and times, and by hash where those differ. Links and special files are not followed and
 * not listed. Sorted by path. Of a folder over `MAX_PATHS` the rest is left out, never called deleted.
 */
export function scanFiles(
  root: string,
  record: Pick<FileRecord, 'files'>,
  below = '',
): readonly ScannedFile[] {
  const found: ScannedFile[] = [];
  const missing = new Set(
    below === '' ? record.files.keys() : [...record.files.keys()].filter(isBelow),
  );
  let isWhole = true;
  if (statOrNull(join(root, below))?.isDirectory()) visit(below, below.split('/').length - 1);
  for (const path of missing) {
    if (isWhole || !statOrNull(join(root, path)))
      found.push({ path, state: 'deleted', stat: null });
  }
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));

  function visit(prefix: string, depth: number): void {
    if (depth > MAX_DEPTH) return;
    for (const entry of entriesOf(join(root, prefix))) {
      if (found.length >= MAX_PATHS) {
        isWhole = false;
        return;
      }
      const path = prefix + entry.name;
      if (entry.isDirectory()) {
        // A repository that somebody made of the folder for himself.
        if (entry.name.toLowerCase() === '.git') continue;
        visit(`${path}/`, depth + 1);
        continue;
      }
      if (!entry.isFile() || LITTER.has(entry.name)) continue;
      const stat = statOrNull(join(root, path));
      // Gone between the two looks: the next scan says so.
      if (!stat?.isFile()) continue;
      missing.delete(path);
      found.push({ path, state: localState(root, record, path, stat), stat });
    }
  }

  function isBelow(path: string): boolean {
    return path.startsWith(below);
  }
}

/** `scanFiles` for one path. The caller has made sure that no parent is a link. */
export function scanFile(
  root: string,
  record: Pick<FileRecord, 'files'>,
  path: string,
): ScannedFile | null {
  const stat = statOrNull(join(root, path));
  if (stat?.isFile()) return { path, state: localState(root, record, path, stat), stat };
  return record.files.has(path) ? { path, state: 'deleted', stat: null } : null;
}

function localState(
  root: string,
  record: Pick<FileRecord, 'files'>,
  path: string,
  stat: Stats,
): LocalState {
  const entry = record.files.get(path);
  if (!entry) return 'added';
  if (untouched(entry, stat)) return 'clean';
  // A file that was not looked at when it was recorded has no size there.
  const isOtherSize = entry.size >= 0 && stat.size !== entry.size;
  if (isOtherSize || stat.size > MAX_FILE_BYTES) return 'edited';
  const bytes = readBounded(join(root, path));
  return bytes !== null && blobOid(bytes) === entry.oid ? 'clean' : 'edited';
}

/** Bytes of a plain file; null where there is none, it is over the cap, or we may not read it. */
export function readBounded(at: string): Buffer | null {
  const stat = statOrNull(at);
  if (!stat?.isFile() || stat.size > MAX_FILE_BYTES) return null;
  try {
    return readFileSync(at);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EPERM') return null;
    throw error;
  }
}

/** A folder that went away while we looked has no entries. */
function entriesOf(dir: string): readonly Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
