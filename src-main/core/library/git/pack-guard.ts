import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { AppError } from '../../../../src-contract/app-error.ts';
import { badPack, tooLarge } from '../errors.ts';
import { MAX_INFLATED_BYTES, MAX_OBJECT_BYTES, MAX_PACK_OBJECTS } from '../limits.ts';

/** Bytes of a pack's header and of the checksum at its end. */
const HEADER_BYTES = 12;
const CHECKSUM_BYTES = 20;

export interface PackLimits {
  readonly objects: number;
  readonly objectBytes: number;
  readonly inflatedBytes: number;
}

const LIMITS: PackLimits = {
  objects: MAX_PACK_OBJECTS,
  objectBytes: MAX_OBJECT_BYTES,
  inflatedBytes: MAX_INFLATED_BYTES,
};

/**
 * Takes the pack out of an answer of upload-pack (pkt-lines with side-band) and checks it before the
 * library that parses it sees a byte: signature, checksum, number of objects, each object inflated
 * within its limit, sizes that deltas claim. The library itself does none of this (a 597 KB pack
 * inflates to 2.5 GB there).
 *
 * Returns the number of objects. Errors: `library/bad-pack`, `library/too-large`,
 * `library/remote-refused` (the server's own message).
 */
export function guardAnswer(answer: Buffer, limits: PackLimits = LIMITS): number {
  return guardPack(sideBand(answer), limits);
}

/** Joins channel 1 of the side-band; channel 3 and ERR lines are the server's refusal. */
function sideBand(answer: Buffer): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < answer.length) {
    const digits = answer.toString('latin1', at, at + 4);
    if (!/^[0-9a-f]{4}$/i.test(digits)) throw badPack('a broken line in its answer');
    const length = Number.parseInt(digits, 16);
    if (length < 4) {
      at += 4;
      continue;
    }
    if (at + length > answer.length) throw badPack('its answer ends too early');
    const line = answer.subarray(at + 4, at + length);
    at += length;
    if (line[0] === 1) parts.push(line.subarray(1));
    else if (line[0] === 3) throw refused(line.toString('utf8', 1));
    else if (line.toString('latin1', 0, 4) === 'ERR ') throw refused(line.toString('utf8', 4));
  }
  return Buffer.concat(parts);
}

/** Checks one whole pack (version 2 or 3). */
export function guardPack(pack: Buffer, limits: PackLimits = LIMITS): number {
  if (pack.length < HEADER_BYTES + CHECKSUM_BYTES || pack.toString('latin1', 0, 4) !== 'PACK') {
    throw badPack('no pack in its answer');
  }
  const version = pack.readUInt32BE(4);
  if (version !== 2 && version !== 3) throw badPack('an unknown version of pack');
  const count = pack.readUInt32BE(8);
  if (count > limits.objects) throw tooLarge(`${count} objects in one pack`);
  const end = pack.length - CHECKSUM_BYTES;
  const sum = createHash('sha1').update(pack.subarray(0, end)).digest();
  if (!sum.equals(pack.subarray(end))) throw badPack('its checksum is wrong');
  let at = HEADER_BYTES;
  let total = 0;
  for (let n = 0; n < count; n += 1) {
    const object = guardObject(pack, at, end, limits);
    at = object.next;
    total += object.bytes;
    if (total > limits.inflatedBytes) throw tooLarge('the size of all its objects');
  }
  if (at !== end) throw badPack('bytes after its last object');
  return count;
}

interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

/** One object: its header, then a zlib stream whose end only inflating finds. */
function guardObject(
  pack: Buffer,
  start: number,
  end: number,
  limits: PackLimits,
): { next: number; bytes: number } {
  let at = start;
  let byte = pack[at++] ?? 0;
  const type = (byte >> 4) & 7;
  let size = byte & 15;
  for (let scale = 16; (byte & 128) !== 0; scale *= 128) {
    if (at >= end || scale > 2 ** 40) throw badPack('a broken object');
    byte = pack[at++] ?? 0;
    size += (byte & 127) * scale;
  }
  if (size > limits.objectBytes) throw tooLarge(`an object of ${size} bytes`);
  const isDelta = type === 6 || type === 7;
  if (type === 6) {
    const first = at;
    while (at < end && ((pack[at] ?? 0) & 128) !== 0) at += 1;
    at += 1;
    // Eight groups of seven bits are more than any pack that we take is long.
    if (at - first > 8) throw badPack('a broken delta');
  } else if (type === 7) {
    at += 20;
  } else if (type < 1 || type > 4) {
    throw badPack('an unknown kind of object');
  }
  if (at >= end) throw badPack('its objects end too early');
  const { data, consumed } = inflate(pack.subarray(at, end), size);
  const bytes = isDelta ? claimed(data, limits) + data.length : data.length;
  return { next: at + consumed, bytes };
}

function inflate(bytes: Buffer, size: number): { data: Buffer; consumed: number } {
  try {
    // One byte of room: an output limit of 0 is not allowed.
    const options = { maxOutputLength: size + 1, info: true };
    // With `info` the answer also tells how many bytes it took; Node's types don't know that.
    const answer: unknown = inflateSync(bytes, options);
    const { buffer, engine } = answer as Inflated;
    if (buffer.length !== size) throw badPack('an object is not as long as it says');
    return { data: buffer, consumed: engine.bytesWritten };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw badPack('an object does not unpack');
  }
}

/** The size that a delta says its result has: applying it would allocate that much. */
function claimed(delta: Buffer, limits: PackLimits): number {
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
  varint();
  const result = varint();
  if (result > limits.objectBytes) throw tooLarge(`an object of ${result} bytes`);
  return result;
}

function refused(message: string): AppError {
  const text = message
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
  return new AppError('library/remote-refused', `The remote refused: ${text}`, {
    remedy: 'Try again; if it stays, show this message to who runs the remote.',
    action: 'retry',
  });
}
