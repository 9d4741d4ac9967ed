import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** One read of the file; a pack of small objects has some 80 of them in it, and next to each other are seldom those that are read together. */
const WINDOW_BYTES = 32 * 1024;
/** Windows kept of one file, the last used: 8 MB. */
const KEPT_WINDOWS = 256;

/**
 * Random access to a file, by windows. Holds no file descriptor, so there is nothing to close, and on
 * every system the file may be removed by another process in between. Throws ENOENT then.
 */
export class PackBytes {
  readonly path: string;
  readonly size: number;
  readonly #windows = new Map<number, Buffer>();

  constructor(path: string) {
    this.path = path;
    this.size = statSync(path).size;
  }

  /** The bytes from `offset`: `length` of them, fewer where the file ends. Not to be written to. */
  at(offset: number, length: number): Buffer {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    const first = Math.floor(offset / WINDOW_BYTES);
    const within = offset - first * WINDOW_BYTES;
    if (within + wanted <= WINDOW_BYTES) {
      return this.#window(first).subarray(within, within + wanted);
    }
    return readAt(this.path, offset, wanted);
  }

  #window(n: number): Buffer {
    const kept = this.#windows.get(n);
    if (kept) {
      // The last used is the last in the map.
      this.#windows.delete(n);
      this.#windows.set(n, kept);
      return kept;
    }
    const offset = n * WINDOW_BYTES;
    const bytes = readAt(this.path, offset, Math.min(WINDOW_BYTES, this.size - offset));
    this.#windows.set(n, bytes);
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size <= KEPT_WINDOWS) break;
      this.#windows.delete(oldest);
    }
    return bytes;
  }
}

function readAt(path: string, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  const fd = openSync(path, 'r');
  try {
    let at = 0;
    while (at < length) {
      const read = readSync(fd, bytes, at, length - at, offset + at);
      if (read === 0) break;
      at += read;
    }
    return bytes.subarray(0, at);
  } finally {
    closeSync(fd);
  }
}
