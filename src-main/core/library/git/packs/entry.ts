import { inflateSync } from 'node:zlib';
import { AppError } from '../../../../../src-contract/app-error.ts';
import { badPack } from '../../errors.ts';
import type { PackBytes } from './pack-bytes.ts';

/** Kinds of entries by their number in a pack. */
const OFS_DELTA = 6;
export const REF_DELTA = 7;

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';
const TYPES: readonly (ObjectType | undefined)[] = [undefined, 'commit', 'tree', 'blob', 'tag'];

/** A size of ten digits in groups of seven bits, and a base: no header is longer. */
const MAX_HEAD_BYTES = 32;
/** Groups of seven bits of a delta's distance: more than any pack that we take is long. */
const MAX_DISTANCE_BYTES = 7;

/** Where an entry's base is: an offset in the same pack, or an object by its id. */
export type Base =
  | { readonly kind: 'none'; readonly type: ObjectType }
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'oid'; readonly oid: string };

export interface EntryHead {
  readonly base: Base;
  /** Bytes when inflated: of the object, or of the delta. */
  readonly size: number;
  /** Where its zlib stream begins. */
  readonly data: number;
}

/** Reads the header of the entry at `offset`; `end` is where entries end. Errors: `library/bad-pack`. */
export function entryHead(pack: PackBytes, offset: number, end: number): EntryHead {
  const head = pack.at(offset, Math.min(MAX_HEAD_BYTES, end - offset));
  let at = 0;
  const next = (): number => {
    const byte = head[at++];
    if (byte === undefined) throw badPack('a broken object');
    return byte;
  };
  let byte = next();
  const number = (byte >> 4) & 7;
  let size = byte & 15;
  for (let scale = 16; (byte & 128) !== 0; scale *= 128) {
    if (scale > 2 ** 40) throw badPack('a broken object');
    byte = next();
    size += (byte & 127) * scale;
  }
  const base = readBase();
  if (offset + at >= end) throw badPack('its objects end too early');
  return { base, size, data: offset + at };

  function readBase(): Base {
    if (number === OFS_DELTA) return { kind: 'offset', offset: offset - distance() };
    if (number === REF_DELTA) {
      const oid = head.subarray(at, at + 20);
      if (oid.length < 20) throw badPack('a broken object');
      at += 20;
      return { kind: 'oid', oid: oid.toString('hex') };
    }
    const type = TYPES[number];
    if (!type) throw badPack('an unknown kind of object');
    return { kind: 'none', type };
  }

  function distance(): number {
    let group = next();
    let value = group & 127;
    for (let groups = 1; (group & 128) !== 0; groups += 1) {
      if (groups >= MAX_DISTANCE_BYTES) throw badPack('a broken delta');
      group = next();
      value = (value + 1) * 128 + (group & 127);
    }
    if (value === 0 || value > offset) throw badPack('a broken delta');
    return value;
  }
}

/** An entry's header as git writes it: kind and size, seven bits a byte after the first four. */
export function packHead(number: number, size: number): Buffer {
  const bytes = [(number << 4) | (size & 15)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 128;
    bytes.push(rest & 127);
  }
  return Buffer.from(bytes);
}

/** The number of a whole object's kind. */
export function typeNumber(type: ObjectType): number {
  return TYPES.indexOf(type);
}

export interface InflatedEntry {
  readonly bytes: Buffer;
  /** Where the entry ends, which only inflating finds. */
  readonly next: number;
}

/** Inflates an entry into exactly the bytes that its header says. Errors: `library/bad-pack`. */
export function inflateEntry(pack: PackBytes, head: EntryHead, end: number): InflatedEntry {
  // What zlib needs at most for that many bytes; an unusual compressor may need more.
  for (let room = head.size + Math.ceil(head.size / 8) + 64; ; room *= 4) {
    const length = Math.min(room, end - head.data);
    const found = tryInflate(pack.at(head.data, length), head.size);
    if (found) return { bytes: found.bytes, next: head.data + found.consumed };
    if (length === end - head.data) throw badPack('an object does not unpack');
  }
}

interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

/** Least size of zlib's own output buffer. */
const MIN_CHUNK = 64;

/** Null where the stream goes on after these bytes. */
function tryInflate(from: Buffer, size: number): { bytes: Buffer; consumed: number } | null {
  try {
    // One byte of room: an output limit of 0 is not allowed, and a longer stream is noticed.
    const options = {
      maxOutputLength: size + 1,
      chunkSize: Math.max(MIN_CHUNK, size + 1),
      info: true,
    };
    // With `info` the answer also tells how many bytes it took; Node's types don't know that.
    const answer: unknown = inflateSync(from, options);
    const { buffer, engine } = answer as Inflated;
    if (buffer.length !== size) throw badPack('an object is not as long as it says');
    return { bytes: buffer, consumed: engine.bytesWritten };
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'Z_BUF_ERROR') return null;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw badPack('an object is not as long as it says');
    throw badPack('an object does not unpack');
  }
}
