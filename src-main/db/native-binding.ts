import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The dynamic loader is named in the first page of an executable. */
const HEAD_BYTES = 4_096;

let found: { readonly path: string | undefined } | null = null;

/**
 * The database's own binary for this system, or undefined to let the package look for itself. The
 * package asks for a diagnostic report of the whole process to tell musl from glibc, which takes
 * longer than opening the store.
 */
export function nativeBinding(): string | undefined {
  found ??= { path: find() };
  return found.path;
}

function find(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const libc = isMusl(process.execPath) ? 'linuxmusl' : 'linux';
  const manifest = createRequire(import.meta.url).resolve('better-sqlite3/package.json');
  const path = join(dirname(manifest), 'prebuilds', `${libc}-${process.arch}.node`);
  return existsSync(path) ? path : undefined;
}

function isMusl(executable: string): boolean {
  const fd = openSync(executable, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    readSync(fd, head, 0, HEAD_BYTES, 0);
    return head.includes('ld-musl-');
  } finally {
    closeSync(fd);
  }
}
