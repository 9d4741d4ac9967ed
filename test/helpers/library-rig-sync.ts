import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';

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
