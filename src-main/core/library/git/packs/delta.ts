import { badPack } from '../../errors.ts';

/** What a delta says about itself: bytes of its base, of its result, and where its instructions begin. */
export interface DeltaHead {
  readonly base: number;
  readonly result: number;
  readonly start: number;
}

/** Errors: `library/bad-pack`. */
export function deltaHead(delta: Buffer): DeltaHead {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < delta.length && scale <= 2 ** 42; scale *= 128) {
      const byte = delta[at++] ?? 0;
      value += (byte & 127) * scale;
      if ((byte & 128) === 0) return value;
    }
    throw badPack('a broken delta');
  };
  const base = varint();
  const result = varint();
  return { base, result, start: at };
}

/** Bytes of a result that are put together before they are handed on. */
const PART_BYTES = 64 * 1024;

/**
 * Applies one of git's deltas: copies from the base and literal bytes, which together must make
 * exactly the size that it says. The caller has bounded that size. Errors: `library/bad-pack`.
 */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  const result = Buffer.allocUnsafe(deltaHead(delta).result);
  let to = 0;
  eachPiece(base, delta, (from, start, end) => {
    to += from.copy(result, to, start, end);
  });
  return result;
}

/** The same in parts that are only good until the next one: a large result is never in memory as a whole. */
export function streamDelta(base: Buffer, delta: Buffer, onPart: (part: Buffer) => void): void {
  const part = Buffer.allocUnsafe(PART_BYTES);
  let filled = 0;
  eachPiece(base, delta, (from, start, end) => {
    for (let at = start; at < end;) {
      const taken = from.copy(part, filled, at, end);
      at += taken;
      filled += taken;
      if (filled < PART_BYTES) continue;
      onPart(part);
      filled = 0;
    }
  });
  onPart(part.subarray(0, filled));
}

/** Calls back with each piece of the result: a part of the base, or of the delta itself. */
function eachPiece(
  base: Buffer,
  delta: Buffer,
  onPiece: (from: Buffer, start: number, end: number) => void,
): void {
  const head = deltaHead(delta);
  if (head.base !== base.length) throw badPack('a delta for another object');
  let at = head.start;
  let made = 0;
  while (at < delta.length) {
    const code = delta[at++] ?? 0;
    if ((code & 128) === 0) {
      made += code;
      const fits = code > 0 && at + code <= delta.length && made <= head.result;
      if (!fits) throw badPack('a broken delta');
      onPiece(delta, at, at + code);
      at += code;
      continue;
    }
    let offset = 0;
    let size = 0;
    for (let bit = 0; bit < 4; bit += 1) {
      if (code & (1 << bit)) offset += (delta[at++] ?? Number.NaN) * 2 ** (8 * bit);
    }
    for (let bit = 0; bit < 3; bit += 1) {
      if (code & (16 << bit)) size += (delta[at++] ?? Number.NaN) * 2 ** (8 * bit);
    }
    if (size === 0) size = 0x10000;
    made += size;
    // Also false where the delta ended within the numbers (NaN).
    const fits = offset + size <= base.length && made <= head.result;
    if (!fits) throw badPack('a broken delta');
    onPiece(base, offset, offset + size);
  }
  if (made !== head.result) throw badPack('a broken delta');
}
