import { constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** Kinds of files that the renderer consists of. Nothing else is served. */
export const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** One file of a renderer is some megabytes at most; it is read whole. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;

export interface StaticFile {
  readonly type: string;
  readonly bytes: Buffer;
  /** Named by its content: may be kept for ever. */
  readonly immutable: boolean;
}

/** Marks `Foo-Bc12_-9x.js`: the bundler puts a hash of 8 characters before the extension. */
const HASHED = /-[\w-]{8}\.\w+$/;

/**
 * The files of one folder as a closed list made at the start: a path that is not on it does not
 * exist, however it is spelled. Symbolic links are not on it.
 */
export class StaticFiles {
  readonly #root: string;
  readonly #known: ReadonlySet<string>;

  constructor(root: string, known: ReadonlySet<string>) {
    this.#root = root;
    this.#known = known;
  }

  /** Reads the list. Throws what the file system throws when `root` can't be read. */
  static async scan(root: string): Promise<StaticFiles> {
    const real = await realpath(root);
    const known = new Set<string>();
    await walk(real, '', known);
    return new StaticFiles(real, known);
  }

  /** The file for the path of a request line (still percent-encoded, no query); null when there is none. */
  async read(encodedPath: string): Promise<StaticFile | null> {
    const path = decodePath(encodedPath);
    if (path === null) return null;
    const name = path === '/' ? '/index.html' : path;
    const type = TYPES[extname(name)];
    if (!type || !this.#known.has(name)) return null;
    const bytes = await readRegular(join(this.#root, name));
    return bytes && { type, bytes, immutable: HASHED.test(name) };
  }
}

/** Decodes once. Null for what is not valid or holds what no file of ours has: `\`, NUL, a second encoding. */
export function decodePath(encoded: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(encoded);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
  return /[\\\0%]/.test(path) || !path.startsWith('/') ? null : path;
}

async function walk(root: string, at: string, known: Set<string>): Promise<void> {
  for (const entry of await readdir(join(root, at), { withFileTypes: true })) {
    const name = `${at}/${entry.name}`;
    if (entry.isDirectory()) await walk(root, name, known);
    else if (entry.isFile() && Object.hasOwn(TYPES, extname(name))) known.add(name);
  }
}

/** Reads a file unless it (or its folder) was replaced by a link, or removed, since the scan. */
async function readRegular(file: string): Promise<Buffer | null> {
  try {
    if ((await realpath(file)) !== file || !(await lstat(file)).isFile()) return null;
    const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const { size } = await handle.stat();
      return size <= MAX_FILE_BYTES ? await handle.readFile() : null;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && isGone(error.code)) return null;
    throw error;
  }
}

function isGone(code: unknown): boolean {
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP';
}
