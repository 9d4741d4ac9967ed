import { lstatSync, mkdirSync } from 'node:fs';

/** Mode bits that let somebody else in at all. */
export const ANY_ACCESS = 0o077;
/** Mode bits that let somebody else change what is in it. */
export const ANY_WRITE = 0o022;

/**
 * Makes the directory where it is missing; false where it is a link, not of this user, or gives others
 * one of the `refused` mode bits. Windows has neither owner nor bits here: the user's profile guards it.
 */
export function isOwnDir(dir: string, refused: number): boolean {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  } catch (error) {
    // A file or a dead link stands there.
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'ENOENT') return false;
    throw error;
  }
  const stat = lstatSync(dir);
  if (process.platform === 'win32') return stat.isDirectory();
  return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & refused) === 0;
}
