import { badPack, tooLarge } from '../../../errors.ts';
import { MAX_OBJECT_BYTES } from '../../../limits.ts';

/**
 * Applies a delta of a pack to its base (gitformat-pack, "Deltified representation").
 * Errors: `library/bad-pack`, `library/too-large`.
 */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  let at = 0;
  const byte = (): number => {
    const value = delta[at];
    if (value === undefined) throw badPack('a broken delta');
    at += 1;
    return value;
  };
  const size = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const part = byte();
      value += (part & 127) * scale;
      if ((part & 128) === 0) return value;
      if (scale > 2 ** 40) throw badPack('a broken delta');
    }
  };
  /** Up to four bytes, those that the bits name. */
  const number = (bits: number, count: number): number => {
    let value = 0;
    for (let n = 0; n < count; n += 1) if (bits & (1 << n)) value += byte() * 256 ** n;
    return value;
  };
  if (size() !== base.length) throw badPack('a delta to another base');
  const total = size();
  if (total > MAX_OBJECT_BYTES) throw tooLarge(`an object of ${total} bytes`);
  const result = Buffer.alloc(total);
  let filled = 0;
  while (at < delta.length) {
    const command = byte();
    if (command === 0) throw badPack('a broken delta');
    const isCopy = (command & 128) !== 0;
    const from = isCopy ? number(command, 4) : at;
    const length = isCopy ? number(command >> 4, 3) || 65_536 : command;
    const source = isCopy ? base : delta;
    if (from + length > source.length || filled + length > total) throw badPack('a broken delta');
    source.copy(result, filled, from, from + length);
    filled += length;
    if (!isCopy) at += length;
  }
  if (filled !== total) throw badPack('a broken delta');
  return result;
}
