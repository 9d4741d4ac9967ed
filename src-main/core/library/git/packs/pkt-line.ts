import { badPack } from '../../errors.ts';

/** Length digits in front of each line. */
const HEAD_BYTES = 4;
/** Longest line that the protocol allows, its length digits included. */
const MAX_LINE_BYTES = 65_520;

/**
 * Cuts a stream of bytes, in whatever parts it arrives, into git's lines; holds at most one line
 * that is not whole yet. Strict: digits must be hexadecimal, a line has a payload, nothing but whole
 * lines. Errors: `library/bad-pack`.
 */
export class PktReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The lines that are whole now: views of `part` where possible; null is a flush. */
  *push(part: Uint8Array): Generator<Buffer | null> {
    const fresh = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
    const bytes = this.#rest.length === 0 ? fresh : Buffer.concat([this.#rest, fresh]);
    let at = 0;
    while (at + HEAD_BYTES <= bytes.length) {
      const length = lineLength(bytes, at);
      if (length === 0) {
        at += HEAD_BYTES;
        yield null;
        continue;
      }
      if (at + length > bytes.length) break;
      yield bytes.subarray(at + HEAD_BYTES, at + length);
      at += length;
    }
    this.#rest = Buffer.from(bytes.subarray(at));
  }

  /** The stream has ended: nothing may be left. */
  end(): void {
    if (this.#rest.length > 0) throw badPack('its answer ends too early');
  }
}

function lineLength(bytes: Buffer, at: number): number {
  const digits = bytes.toString('latin1', at, at + HEAD_BYTES);
  if (!/^[0-9a-f]{4}$/i.test(digits)) throw badPack('a broken line in its answer');
  const length = Number.parseInt(digits, 16);
  if (length === 0) return 0;
  // 1 and 2 belong to a later protocol, 3 means nothing, 4 is a line without a payload.
  if (length <= HEAD_BYTES || length > MAX_LINE_BYTES) throw badPack('a broken line in its answer');
  return length;
}
