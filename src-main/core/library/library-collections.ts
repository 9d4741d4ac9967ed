import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LibraryCollections } from '../knowledge/ports.ts';

/** The folders below `knowledge/` as collections, by name. Links are not followed. */
export function libraryCollections(filesDir: string): LibraryCollections {
  const root = join(filesDir, 'knowledge');
  return {
    async list() {
      let entries;
      try {
        entries = await readdir(root, { withFileTypes: true });
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
        throw error;
      }
      return entries
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => ({ name, dir: join(root, name) }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}
