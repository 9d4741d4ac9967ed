import { readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { MAX_FILE_BYTES } from '../limits.ts';
import { blobOid } from '../git/objects.ts';
import { statOrNull } from './record.ts';

/** What stands at a path right now. `other` is never written through, never replaced. */
export type Found =
  | { readonly kind: 'missing' }
  | { readonly kind: 'file'; readonly oid: string; readonly stat: Stats }
  | { readonly kind: 'folder' }
  | { readonly kind: 'other' };

/** Looks at the file itself, by its bytes. A file over the cap can't be one that we wrote. */
export function inspect(path: string): Found {
  const stat = statOrNull(path);
  if (!stat) return { kind: 'missing' };
  if (stat.isDirectory()) return { kind: 'folder' };
  if (!stat.isFile()) return { kind: 'other' };
  const oid = stat.size > MAX_FILE_BYTES ? 'too large' : blobOid(readFileSync(path));
  return { kind: 'file', oid, stat };
}

/** Whether a path still is what `inspect` saw, as far as the file system tells. */
export function isStill(path: string, found: Found): boolean {
  const now = statOrNull(path);
  switch (found.kind) {
    case 'missing':
      return now === null;
    case 'file':
      return (
        now !== null &&
        now.isFile() &&
        now.ino === found.stat.ino &&
        now.size === found.stat.size &&
        now.mtimeMs === found.stat.mtimeMs &&
        now.ctimeMs === found.stat.ctimeMs
      );
    case 'folder':
    case 'other':
      return false;
  }
}

/** The first of a path's parent folders that is there and is not a real folder (a link, a file); null where all are. */
export function blockedParent(root: string, path: string): string | null {
  const names = path.split('/').slice(0, -1);
  let at = root;
  for (const name of names) {
    at = join(at, name);
    const stat = statOrNull(at);
    if (stat === null) return null;
    if (!stat.isDirectory()) return at;
  }
  return null;
}
