import { badPack } from '../../../errors.ts';
import { FLUSH, packetLine } from '../transport.ts';

/** Bytes of one band: a line of 65,520 with its length and the number of the band. */
const MAX_BAND_BYTES = 65_515;

/**
 * Reads lines of git's protocol; null is a flush. `rest` is what follows the flush at which `isLast`
 * says that the lines are over. Errors: `library/bad-pack`.
 */
export function readLines(
  bytes: Buffer,
  endsAtFlush: boolean,
): { readonly lines: readonly (string | null)[]; readonly rest: Buffer } {
  const lines: (string | null)[] = [];
  let at = 0;
  while (at < bytes.length) {
    const digits = bytes.toString('latin1', at, at + 4);
    const length = /^[0-9a-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : -1;
    if (length < 0 || (length > 0 && length < 4) || at + length > bytes.length) {
      throw badPack('a broken line');
    }
    if (length === 0) {
      at += 4;
      lines.push(null);
      if (endsAtFlush) break;
      continue;
    }
    lines.push(bytes.toString('utf8', at + 4, at + length).replace(/\n$/, ''));
    at += length;
  }
  return { lines, rest: bytes.subarray(at) };
}

/** These bytes on band 1, then a flush; as they are where no bands were agreed on. */
export function banded(bytes: Buffer, hasBands: boolean): Buffer {
  if (!hasBands) return bytes;
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += MAX_BAND_BYTES) {
    const part = bytes.subarray(at, at + MAX_BAND_BYTES);
    parts.push(packetLine(Buffer.concat([Buffer.from([1]), part])));
  }
  return Buffer.concat([...parts, FLUSH]);
}
