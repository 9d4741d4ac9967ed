import { readdirSync, readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { Item } from '../../../../src-contract/library.ts';
import { blobOid } from '../git/objects.ts';
import { statOrNull, untouched, type FileRecord } from '../files/record.ts';
import { MAX_DEPTH, MAX_FILE_BYTES, MAX_PATHS } from '../limits.ts';

export interface ScannedFile {
  readonly path: string;
  readonly state: Item['state'];
  /** Null where the file is gone. */
  readonly stat: Stats | null;
}

/** What systems leave in folders by themselves. */
const LITTER = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

/**
 * Compares the library's folder with what was written into it: by size and times, and by hash where
 * those differ. Links and special files are not followed and not listed. Sorted by path.
 */
export function scanFiles(root: string, record: FileRecord): readonly ScannedFile[] {
  const found: ScannedFile[] = [];
  const missing = new Set(record.files.keys());
  if (statOrNull(root)?.isDirectory()) visit('', 0);
  for (const path of missing) found.push({ path, state: 'deleted', stat: null });
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));

  function visit(prefix: string, depth: number): void {
    if (depth > MAX_DEPTH) return;
    for (const entry of readdirSync(join(root, prefix), { withFileTypes: true })) {
      if (found.length >= MAX_PATHS) return;
      const path = prefix + entry.name;
      if (entry.isDirectory()) {
        visit(`${path}/`, depth + 1);
        continue;
      }
      if (!entry.isFile() || LITTER.has(entry.name)) continue;
      const stat = statOrNull(join(root, path));
      // Gone between the two looks: the next scan says so.
      if (!stat?.isFile()) continue;
      missing.delete(path);
      found.push({ path, state: isClean(path, stat) ? 'clean' : 'edited', stat });
    }
  }

  function isClean(path: string, stat: Stats): boolean {
    const entry = record.files.get(path);
    if (!entry) return false;
    if (untouched(entry, stat)) return true;
    if (stat.size !== entry.size || stat.size > MAX_FILE_BYTES) return false;
    return blobOid(readFileSync(join(root, path))) === entry.oid;
  }
}
