import fs, { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Lets this process no longer wait for the disk. What it writes lives for seconds and survives the end
 * of a process all the same; only a power cut would tell the difference. As `core.fsync` for git.
 */
export async function skipSyncs(): Promise<void> {
  fs.fsyncSync = () => undefined;
  syncBuiltinESMExports();
  const handle = await open(tmpdir(), 'r');
  const methods = Object.getPrototypeOf(handle) as { sync: () => Promise<void> };
  await handle.close();
  methods.sync = () => Promise.resolve();
}

/** Where Linux keeps files in memory: making folders there costs a tenth. */
const IN_MEMORY = '/dev/shm';
/** Many times what a test needs; containers often have less. Bytes. */
const ROOM = 512 * 1024 * 1024;

/** A folder of its own for one test, in memory where the system has room for that. */
export function quickDir(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(hasRoom() ? IN_MEMORY : tmpdir(), 'carrel-library-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function hasRoom(): boolean {
  if (!existsSync(IN_MEMORY)) return false;
  const { bavail, bsize } = statfsSync(IN_MEMORY);
  return bavail * bsize > ROOM;
}
