import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

/** Bytes that are read at once: a file of any size costs no more memory. */
const CHUNK_BYTES = 1024 * 1024;

/** Git's hash of a file that may be over the cap of the library. `size` as it was looked at, bytes. */
export function fileOid(at: string, size: number): string {
  const hash = createHash('sha1').update(`blob ${size}\0`);
  const chunk = Buffer.alloc(CHUNK_BYTES);
  const fd = openSync(at, 'r');
  try {
    for (let left = size; left > 0;) {
      const count = readSync(fd, chunk, 0, Math.min(left, CHUNK_BYTES), null);
      if (count === 0) break;
      hash.update(chunk.subarray(0, count));
      left -= count;
    }
  } finally {
    closeSync(fd);
  }
  return hash.digest('hex');
}
