import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { syncDir, writeAtomic } from '../atomic-fs.ts';
import { gitPlaces } from '../places.ts';

export function packDir(gitdir: string): string {
  return join(gitdir, 'objects', 'pack');
}

/**
 * Gives a pack, whole and synced under a temporary name, its own, and then its index: a pack counts
 * from the moment its index is there, so an interruption leaves both or nothing that is seen. Durable
 * when it returns. Returns the path of the index.
 */
export function placePack(gitdir: string, temp: string, checksum: Buffer, index: Buffer): string {
  const dir = packDir(gitdir);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const name = `pack-${checksum.toString('hex')}`;
  const pack = join(dir, `${name}.pack`);
  const indexPath = join(dir, `${name}.idx`);
  renameSync(temp, pack);
  syncDir(dir);
  if (!existsSync(indexPath)) writeAtomic(indexPath, index, gitPlaces(gitdir).tmp);
  return indexPath;
}
