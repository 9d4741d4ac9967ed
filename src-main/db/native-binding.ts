import { closeSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The dynamic loader is named in the first page of an executable. */
const HEAD_BYTES = 4_096;

let loaded: object | null = null;

/**
 * The database's binary for this system, loaded once. The package would look for it by itself, but
 * asks for a diagnostic report of the whole process to tell musl from glibc, which takes longer than
 * opening the store; and it would have to lie beside its own sources, which are in our bundles.
 */
export function nativeBinding(): object {
  loaded ??= load();
  return loaded;
}

function load(): object {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('better-sqlite3/package.json');
  const file = `${platformName()}-${process.arch}.node`;
  return require(join(dirname(manifest), 'prebuilds', file)) as object;
}

function platformName(): string {
  if (process.platform !== 'linux') return process.platform;
  return isMusl(process.execPath) ? 'linuxmusl' : 'linux';
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
