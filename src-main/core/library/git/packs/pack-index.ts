import { createHash } from 'node:crypto';

const MAGIC = 0xff744f63;
const VERSION = 2;
/** Offset of the fan-out table, and of the sorted names behind its 256 counts. */
const FANOUT = 8;
const NAMES = FANOUT + 256 * 4;
const OID_BYTES = 20;
const CHECKSUM_BYTES = 20;
/** Names, checksums and offsets: bytes of one object. */
const ROW_BYTES = OID_BYTES + 4 + 4;
/** Offsets from here on would need git's table of 64-bit offsets: packs are kept smaller. */
export const MAX_PACK_BYTES = 2 ** 31 - 1;

/** What an index says of the objects of a pack, in the order of the pack. Arrays: a pack may hold a million. */
export interface PackRows {
  /** Names, 20 bytes each. */
  readonly oids: Buffer;
  readonly offsets: Uint32Array;
  /** CRC-32 of each entry's bytes in the pack. */
  readonly crcs: Uint32Array;
}

export function emptyRows(count: number): PackRows {
  return {
    oids: Buffer.alloc(count * OID_BYTES),
    offsets: new Uint32Array(count),
    crcs: new Uint32Array(count),
  };
}

/** The index of one pack (version 2), in memory. */
export class PackIndex {
  readonly count: number;
  readonly #bytes: Buffer;

  private constructor(bytes: Buffer, count: number) {
    this.#bytes = bytes;
    this.count = count;
  }

  /** Null where it is none that we read: another version, a damaged length. */
  static parse(bytes: Buffer): PackIndex | null {
    if (bytes.length < NAMES + 2 * CHECKSUM_BYTES) return null;
    if (bytes.readUInt32BE(0) !== MAGIC || bytes.readUInt32BE(4) !== VERSION) return null;
    const count = bytes.readUInt32BE(NAMES - 4);
    if (bytes.length !== NAMES + count * ROW_BYTES + 2 * CHECKSUM_BYTES) return null;
    return new PackIndex(bytes, count);
  }

  /** Where the object is in the pack; -1 where it is not. `oid` has 20 bytes. */
  find(oid: Uint8Array): number {
    const row = this.#search(oid);
    return row < 0 ? -1 : this.offset(row);
  }

  oid(row: number): Buffer {
    const at = NAMES + row * OID_BYTES;
    return this.#bytes.subarray(at, at + OID_BYTES);
  }

  offset(row: number): number {
    return this.#bytes.readUInt32BE(NAMES + this.count * (OID_BYTES + 4) + row * 4);
  }

  /** CRC-32 of the entry's bytes in the pack. */
  crc(row: number): number {
    return this.#bytes.readUInt32BE(NAMES + this.count * OID_BYTES + row * 4);
  }

  /** Binary search between the two fan-out counts of the first byte. */
  #search(oid: Uint8Array): number {
    const bytes = this.#bytes;
    const first = oid[0] ?? 0;
    let low = first === 0 ? 0 : bytes.readUInt32BE(FANOUT + (first - 1) * 4);
    let high = bytes.readUInt32BE(FANOUT + first * 4);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = NAMES + middle * OID_BYTES;
      const order = bytes.compare(oid, 0, OID_BYTES, at, at + OID_BYTES);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return -1;
  }
}

/** The index file of a pack. Null where two rows have the same name: a pack holds an object once. */
export function buildIndex(rows: PackRows, packChecksum: Buffer): Buffer | null {
  const count = rows.offsets.length;
  const bytes = Buffer.alloc(NAMES + count * ROW_BYTES + 2 * CHECKSUM_BYTES);
  bytes.writeUInt32BE(MAGIC, 0);
  bytes.writeUInt32BE(VERSION, 4);
  const crcs = NAMES + count * OID_BYTES;
  const offsets = crcs + count * 4;
  const upTo = new Uint32Array(256);
  let before: Buffer | null = null;
  for (const [n, row] of sortedRows(rows).entries()) {
    const oid = oidOf(rows, row);
    if (before?.equals(oid)) return null;
    before = oid;
    upTo[oid[0] ?? 0] = n + 1;
    oid.copy(bytes, NAMES + n * OID_BYTES);
    bytes.writeUInt32BE(rows.crcs[row] ?? 0, crcs + n * 4);
    bytes.writeUInt32BE(rows.offsets[row] ?? 0, offsets + n * 4);
  }
  let sum = 0;
  for (const [first, end] of upTo.entries()) {
    sum = Math.max(sum, end);
    bytes.writeUInt32BE(sum, FANOUT + first * 4);
  }
  const end = offsets + count * 4;
  packChecksum.copy(bytes, end);
  createHash('sha1')
    .update(bytes.subarray(0, end + CHECKSUM_BYTES))
    .digest()
    .copy(bytes, end + CHECKSUM_BYTES);
  return bytes;
}

export function oidOf(rows: PackRows, row: number): Buffer {
  return rows.oids.subarray(row * OID_BYTES, (row + 1) * OID_BYTES);
}

/** Rows by name. Six bytes decide nearly always, and numbers compare faster. */
function sortedRows(rows: PackRows): Uint32Array {
  const keys = Float64Array.from(rows.offsets, (_, n) => rows.oids.readUIntBE(n * OID_BYTES, 6));
  return Uint32Array.from(rows.offsets, (_, n) => n).sort(
    (a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || oidOf(rows, a).compare(oidOf(rows, b)),
  );
}
