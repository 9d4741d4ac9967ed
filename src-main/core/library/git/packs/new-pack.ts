import { createHash, randomBytes, type Hash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { removeIfThere } from '../atomic-fs.ts';
import { gitPlaces } from '../places.ts';
import { buildIndex, emptyRows, MAX_PACK_BYTES, type PackRows } from './pack-index.ts';
import { placePack } from './place-pack.ts';

/** Entries are small; the disk gets them in parts of this many bytes. */
const BUFFER_BYTES = 256 * 1024;

/** A pack of our own while it is written, beside the others; nobody sees it before `finish`. */
export class NewPack {
  readonly #gitdir: string;
  readonly #path: string;
  readonly #rows: PackRows;
  readonly #hash: Hash = createHash('sha1');
  readonly #buffer: Buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  #fd: number | null;
  #filled = 0;
  #size = 0;
  #added = 0;

  /** `count`: how many entries will be added. */
  constructor(gitdir: string, count: number) {
    const { tmp } = gitPlaces(gitdir);
    mkdirSync(tmp, { recursive: true, mode: 0o700 });
    this.#gitdir = gitdir;
    this.#rows = emptyRows(count);
    this.#path = join(tmp, `${randomBytes(8).toString('hex')}.pack`);
    this.#fd = openSync(this.#path, 'wx', 0o600);
    const head = Buffer.alloc(12);
    head.write('PACK', 'latin1');
    head.writeUInt32BE(2, 4);
    head.writeUInt32BE(count, 8);
    this.#put(head);
  }

  /** Adds the object `oid` (20 bytes), whose entry is these parts. Throws a `RangeError` where the pack gets too long. */
  add(oid: Buffer, ...parts: readonly Buffer[]): void {
    const row = this.#added;
    oid.copy(this.#rows.oids, row * oid.length);
    this.#rows.offsets[row] = this.#size;
    let crc = 0;
    for (const part of parts) {
      crc = crc32(part, crc);
      this.#put(part);
    }
    this.#rows.crcs[row] = crc;
    this.#added += 1;
  }

  /** Makes it one of the packs, durable with its index. Returns its name without an extension. */
  finish(): string {
    if (this.#fd === null || this.#added !== this.#rows.offsets.length) {
      throw new Error('a pack with other objects than it says');
    }
    const sum = this.#hash.digest();
    const index = buildIndex(this.#rows, sum);
    if (!index) throw new Error('a pack with an object twice');
    this.#flush();
    writeAll(this.#fd, sum);
    fsyncSync(this.#fd);
    this.#close();
    placePack(this.#gitdir, this.#path, sum, index);
    return `pack-${sum.toString('hex')}`;
  }

  /** Removes what is left of it. Harmless after `finish`. */
  discard(): void {
    this.#close();
    removeIfThere(this.#path);
  }

  #put(bytes: Buffer): void {
    this.#hash.update(bytes);
    this.#size += bytes.length;
    if (this.#size > MAX_PACK_BYTES) throw new RangeError('the pack gets too long');
    if (this.#filled + bytes.length > BUFFER_BYTES) this.#flush();
    if (bytes.length <= BUFFER_BYTES) this.#filled += bytes.copy(this.#buffer, this.#filled);
    else if (this.#fd !== null) writeAll(this.#fd, bytes);
  }

  #flush(): void {
    if (this.#fd !== null) writeAll(this.#fd, this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }

  #close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}
