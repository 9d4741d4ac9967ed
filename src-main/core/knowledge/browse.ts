import type { Dirent } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { pathMissing } from './errors.ts';
import { MAX_BROWSE_ENTRIES } from './limits.ts';

export interface Browsed {
  readonly path: string;
  readonly parent: string | null;
  readonly entries: { name: string; kind: 'folder' | 'file' }[];
  readonly truncated: boolean;
}

/** Entries of one folder that are looked at before the picker gives up on showing all. */
const MAX_LOOKED_AT = 20 * MAX_BROWSE_ENTRIES;

/**
 * Folders, then files, of one folder, by name. Hidden ones are left out; links count as what they lead to.
 *
 * Errors: `knowledge/path-missing` (also for what is no folder, or may not be read).
 */
export async function browse(path: string): Promise<Browsed> {
  if (!isAbsolute(path)) throw pathMissing(path);
  const at = resolve(path);
  const entries: Browsed['entries'] = [];
  let looked = 0;
  try {
    for await (const entry of await opendir(at)) {
      looked += 1;
      if (looked > MAX_LOOKED_AT) break;
      if (entry.name.startsWith('.')) continue;
      const kind = await kindOf(at, entry);
      if (kind) entries.push({ name: entry.name, kind });
    }
  } catch (error) {
    throw pathMissing(at, error);
  }
  entries.sort(
    (a, b) => b.kind.localeCompare(a.kind) || a.name.localeCompare(b.name, 'en', { numeric: true }),
  );
  return {
    path: at,
    parent: dirname(at) === at ? null : dirname(at),
    entries: entries.slice(0, MAX_BROWSE_ENTRIES),
    truncated: entries.length > MAX_BROWSE_ENTRIES || looked > MAX_LOOKED_AT,
  };
}

async function kindOf(folder: string, entry: Dirent): Promise<'folder' | 'file' | null> {
  if (entry.isDirectory()) return 'folder';
  if (entry.isFile()) return 'file';
  if (!entry.isSymbolicLink()) return null;
  // A link that leads nowhere is nothing to choose.
  const target = await stat(join(folder, entry.name)).catch(() => null);
  if (target?.isDirectory()) return 'folder';
  return target?.isFile() ? 'file' : null;
}
