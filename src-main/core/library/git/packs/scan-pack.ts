import { createHash } from 'node:crypto';
import { crc32, createInflate } from 'node:zlib';
import { badPack, tooLarge } from '../../errors.ts';
import { turns } from '../turns.ts';
import { deltaHead } from './delta.ts';
import { entryHead, inflateEntry, type EntryHead, type ObjectType } from './entry.ts';
import type { PackBytes } from './pack-bytes.ts';
import { emptyRows, type PackRows } from './pack-index.ts';
import type { PackLimits } from './pack-limits.ts';

/** Signature, version, number of objects. */
export const HEADER_BYTES = 12;
export const CHECKSUM_BYTES = 20;
/** Larger objects are inflated piece by piece and never in memory as a whole. */
export const STREAMED_BYTES = 1024 * 1024;
const STREAM_PART = 64 * 1024;

/** A delta whose object is not known yet, by its row. */
export interface Delta {
  readonly row: number;
  /** The row of its base, or the name of its base. */
  readonly base: number | string;
}

export interface ScannedPack {
  /** Names are filled in where the entry is a whole object. */
  readonly rows: PackRows;
  readonly deltas: readonly Delta[];
  /** Offset behind the last object. */
  readonly end: number;
}

/**
 * First pass over a pack: each entry inflated once within its limit, whole objects named, the deltas
 * noted. Errors: `library/bad-pack`, `library/too-large`.
 */
export async function scanPack(pack: PackBytes, limits: PackLimits): Promise<ScannedPack> {
  const end = pack.size - CHECKSUM_BYTES;
  const rows = emptyRows(objectCount(pack, limits));
  const deltas: Delta[] = [];
  let at = HEADER_BYTES;
  let total = 0;
  const turn = turns();
  for (let row = 0; row < rows.offsets.length; row += 1) {
    if (at >= end) throw badPack('its objects end too early');
    const head = entryHead(pack, at, end);
    if (head.size > limits.objectBytes) throw tooLarge(`an object of ${head.size} bytes`);
    rows.offsets[row] = at;
    const { base } = head;
    let next: number;
    if (base.kind === 'none' && head.size > STREAMED_BYTES) {
      next = await streamed(base.type, head, row);
    } else {
      const inflated = inflateWithin(head);
      next = inflated.next;
      if (base.kind === 'none') name(row, objectHash(base.type, inflated.bytes).digest());
      else {
        total += claimedResult(inflated.bytes, limits);
        deltas.push({ row, base: base.kind === 'oid' ? base.oid : rowAt(base.offset, row) });
      }
    }
    rows.crcs[row] = crcOf(pack, at, next);
    total += head.size;
    if (total > limits.inflatedBytes) throw tooLarge('the size of all its objects');
    at = next;
    await turn();
  }
  if (at !== end) throw badPack('bytes after its last object');
  return { rows, deltas, end };

  function name(row: number, oid: Buffer): void {
    oid.copy(rows.oids, row * oid.length);
  }

  function inflateWithin(head: EntryHead): { bytes: Buffer; next: number } {
    const isDelta = head.base.kind !== 'none';
    if (isDelta && head.size > limits.deltaBytes) throw tooLarge(`a delta of ${head.size} bytes`);
    return inflateEntry(pack, head, end);
  }

  async function streamed(type: ObjectType, head: EntryHead, row: number): Promise<number> {
    const hash = createHash('sha1').update(objectHead(type, head.size));
    const taken = await inflateStream(pack, head, end, (part) => hash.update(part));
    name(row, hash.digest());
    return head.data + taken;
  }

  /** Entries are in the order of their offsets: a base by distance is one of those before. */
  function rowAt(offset: number, before: number): number {
    let low = 0;
    let high = before;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((rows.offsets[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    if (low >= before || rows.offsets[low] !== offset) throw badPack('a delta without its base');
    return low;
  }
}

function objectCount(pack: PackBytes, limits: PackLimits): number {
  const header = pack.at(0, HEADER_BYTES);
  if (pack.size < HEADER_BYTES + CHECKSUM_BYTES || header.toString('latin1', 0, 4) !== 'PACK') {
    throw badPack('no pack in its answer');
  }
  const version = header.readUInt32BE(4);
  if (version !== 2 && version !== 3) throw badPack('an unknown version of pack');
  const count = header.readUInt32BE(8);
  if (count > limits.objects) throw tooLarge(`${count} objects in one pack`);
  // The least object is a byte of header and eight of zlib: a false count allocates nothing.
  if (count > pack.size / 9) throw badPack('its objects end too early');
  return count;
}

function claimedResult(delta: Buffer, limits: PackLimits): number {
  const { base, result } = deltaHead(delta);
  const largest = Math.max(base, result);
  if (largest > limits.deltaBytes) throw tooLarge(`a delta of an object of ${largest} bytes`);
  return result;
}

export function objectHead(type: ObjectType, size: number): string {
  return `${type} ${size}\0`;
}

/** Git's name of an object is the hash of its kind, size and bytes. */
export function objectHash(type: ObjectType, bytes: Buffer) {
  return createHash('sha1').update(objectHead(type, bytes.length)).update(bytes);
}

function crcOf(pack: PackBytes, from: number, to: number): number {
  let crc = 0;
  for (let at = from; at < to; at += STREAM_PART) {
    crc = crc32(pack.at(at, Math.min(STREAM_PART, to - at)), crc);
  }
  return crc;
}

/** Inflates in parts; returns how many bytes of the pack it took. */
async function inflateStream(
  pack: PackBytes,
  head: EntryHead,
  end: number,
  onPart: (part: Buffer) => void,
): Promise<number> {
  const inflate = createInflate();
  let bytes = 0;
  const ended = new Promise<'ended'>((resolve, reject) => {
    inflate.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > head.size) inflate.destroy(badPack('an object is not as long as it says'));
      else onPart(part);
    });
    inflate.once('end', () => resolve('ended'));
    inflate.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code?.startsWith('Z_') ? badPack('an object does not unpack') : error),
    );
  });
  try {
    for (let at = head.data; at < end; at += STREAM_PART) {
      const part = pack.at(at, Math.min(STREAM_PART, end - at));
      const taken = new Promise<'taken'>((resolve) => inflate.write(part, () => resolve('taken')));
      if ((await Promise.race([ended, taken])) === 'ended') break;
    }
    inflate.end();
    await ended;
  } finally {
    inflate.destroy();
  }
  if (bytes !== head.size) throw badPack('an object is not as long as it says');
  return inflate.bytesWritten;
}
