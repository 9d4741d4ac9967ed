import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { badPack, tooLarge } from '../../../errors.ts';
import { MAX_FETCH_BYTES } from '../../../limits.ts';
import { gitNeeded } from '../local-repository.ts';
import { entryHead, MAX_HEAD_BYTES, type EntryHead } from './pack-entry.ts';
import { inflateExactly } from './inflate.ts';

const INDEX_MAGIC = 0xff744f63;
/** Header and fan-out table of an index. */
const TABLE_AT = 8 + 256 * 4;
const OID_BYTES = 20;

export interface PackEntry extends EntryHead {
  readonly offset: number;
  /** The object, or its delta. */
  readonly data: Buffer;
}

/** A pack with its index (version 2), read object by object. Keep it for one job, then close it. */
export class PackFile {
  readonly #path: string;
  readonly #index: Buffer;
  readonly #count: number;
  #fd: number | null = null;

  /** `path` ends with `.idx`. Errors: `library/bad-pack`, `library/too-large`, `library/git-needed`. */
  constructor(path: string) {
    this.#path = path.replace(/\.idx$/, '.pack');
    if (statSync(path).size > MAX_FETCH_BYTES) throw tooLarge('the index of a pack');
    this.#index = readFileSync(path);
    if (this.#index.length < TABLE_AT || this.#index.readUInt32BE(0) !== INDEX_MAGIC) {
      throw gitNeeded('Its packs are of an old form.');
    }
    if (this.#index.readUInt32BE(4) !== 2) throw gitNeeded('Its packs are of a new form.');
    this.#count = this.#fanout(255);
    if (this.#index.length < TABLE_AT + this.#count * (OID_BYTES + 8)) {
      throw badPack('an index that is too short');
    }
  }

  /** Where an object begins in the pack; null where it isn't in it. */
  find(oid: string): number | null {
    const wanted = Buffer.from(oid, 'hex');
    const first = wanted[0] ?? 0;
    let low = first === 0 ? 0 : this.#fanout(first - 1);
    let high = Math.min(this.#fanout(first), this.#count);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = TABLE_AT + middle * OID_BYTES;
      const order = this.#index.compare(wanted, 0, OID_BYTES, at, at + OID_BYTES);
      if (order === 0) return this.#offset(middle);
      // Compared from the other side: the index's entry is before the wanted one.
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return null;
  }

  /** Errors: `library/bad-pack`, `library/too-large`. */
  read(offset: number): PackEntry {
    const head = entryHead(this.#bytes(offset, MAX_HEAD_BYTES));
    // What does not compress grows by some bytes in each 16 KiB.
    const likely = head.size + (head.size >> 8) + 1_024;
    const start = offset + head.start;
    try {
      return { ...head, offset, data: inflateExactly(this.#bytes(start, likely), head.size).data };
    } catch (error) {
      // A stream of many empty blocks is longer than it should be; it is still allowed.
      const all = this.#bytes(start, likely * 4);
      if (all.length <= likely) throw error;
      return { ...head, offset, data: inflateExactly(all, head.size).data };
    }
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  #fanout(n: number): number {
    return this.#index.readUInt32BE(8 + n * 4);
  }

  #offset(n: number): number {
    const table = TABLE_AT + this.#count * (OID_BYTES + 4);
    const short = this.#index.readUInt32BE(table + n * 4);
    if (short < 0x80000000) return short;
    const at = table + this.#count * 4 + (short - 0x80000000) * 8;
    if (at + 8 > this.#index.length) throw badPack('an index that is too short');
    return Number(this.#index.readBigUInt64BE(at));
  }

  #bytes(offset: number, length: number): Buffer {
    this.#fd ??= openSync(this.#path, 'r');
    const room = Math.max(0, Math.min(length, fstatSync(this.#fd).size - offset));
    const bytes = Buffer.alloc(room);
    return bytes.subarray(0, readSync(this.#fd, bytes, 0, room, offset));
  }
}
