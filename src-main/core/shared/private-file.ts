import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Only the owner may read or write. */
export const PRIVATE_FILE_MODE = 0o600;
/** Only the owner may enter. */
export const PRIVATE_DIR_MODE = 0o700;

/** Windows has no such modes: there the user's profile folder keeps others out. */
const HAS_MODES = process.platform !== 'win32';
const OTHERS = 0o077;
/** Names of files that were being written when the engine ended. */
const TEMPORARY = /\.[0-9a-f]{12}\.tmp$/;

/**
 * Writes a whole file so that a reader, also one after a crash or a power cut, finds the old bytes
 * or the new ones and nothing between: temporary file beside it, fsync, rename, fsync of the folder.
 * Mode 0600; missing folders are made 0700. Throws the error of the file system; the old file stays.
 */
export async function writePrivateFile(file: string, bytes: string | Uint8Array): Promise<void> {
  const dir = dirname(file);
  await mkdir(dir, { recursive: true, mode: PRIVATE_DIR_MODE });
  const temporary = join(dir, `${basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx', PRIVATE_FILE_MODE);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dir);
}

/** Makes a folder that only its owner may enter; one that others may enter is closed to them. */
export function ensurePrivateDir(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: PRIVATE_DIR_MODE });
  repairMode(dir, PRIVATE_DIR_MODE);
}

/** Takes every right of others away. True where there was one; false also where the file is missing. */
export function repairMode(path: string, mode: number): boolean {
  if (!HAS_MODES) return false;
  const found = modeOf(path);
  if (found === null || (found & OTHERS) === 0) return false;
  chmodSync(path, mode);
  return true;
}

/** Removes what interrupted writes left in a folder. Only for a folder that nobody else is writing to. */
export async function removeInterruptedWrites(dir: string): Promise<number> {
  const names = namesIn(dir).filter((name) => TEMPORARY.test(name));
  await Promise.all(names.map((name) => rm(join(dir, name), { force: true })));
  return names.length;
}

/** True for the error of a path that is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** A rename is only durable when its folder is; Windows can't open one. */
async function syncFolder(dir: string): Promise<void> {
  if (!HAS_MODES) return;
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function modeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.mode ?? null;
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
