import { constants, inflateSync } from 'node:zlib';
import { badPack, tooLarge } from '../../../errors.ts';
import { MAX_OBJECT_BYTES } from '../../../limits.ts';

interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

/**
 * Inflates a zlib stream that is `size` bytes long when open, whatever stands behind it. Never more
 * than that is allocated. Returns also how many bytes the stream took.
 * Errors: `library/bad-pack`, `library/too-large`.
 */
export function inflateExactly(
  bytes: Buffer,
  size: number,
): { readonly data: Buffer; readonly consumed: number } {
  if (size > MAX_OBJECT_BYTES) throw tooLarge(`an object of ${size} bytes`);
  try {
    const options = { maxOutputLength: Math.max(1, size), info: true };
    // With `info` the engine comes along, which the types don't say.
    const found: unknown = inflateSync(bytes, options);
    const { buffer, engine } = found as Inflated;
    if (buffer.length !== size) throw badPack('an object of another size than it says');
    return { data: buffer, consumed: engine.bytesWritten };
  } catch (error) {
    throw zlibCode(error) === null ? error : badPack('an object that can not be opened');
  }
}

/** The first bytes of a zlib stream, at most `bytes`. Errors: `library/bad-pack`. */
export function inflateHead(stream: Buffer, bytes: number): Buffer {
  try {
    const head = stream.subarray(0, bytes + 64);
    return inflateSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    throw zlibCode(error) === null ? error : badPack('an object that can not be opened');
  }
}

function zlibCode(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE' ? code : null;
}
