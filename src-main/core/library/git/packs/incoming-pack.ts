import { createHash, randomBytes, type Hash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { badPack } from '../../errors.ts';
import { removeIfThere } from '../atomic-fs.ts';
import { gitPlaces } from '../places.ts';
import { indexPack } from './index-pack.ts';
import { PACK_LIMITS, type PackLimits } from './pack-limits.ts';
import { placePack } from './place-pack.ts';
import { CHECKSUM_BYTES } from './scan-pack.ts';

/**
 * A pack while it arrives: written to a temporary file once, its checksum computed on the way. Nothing
 * of the git directory changes before `finish` has checked all of it.
 */
export class IncomingPack {
  readonly #gitdir: string;
  readonly #path: string;
  readonly #hash: Hash = createHash('sha1');
  #fd: number | null;
  /** The last bytes so far: the checksum itself is not part of what it sums up. */
  #tail: Buffer = Buffer.alloc(0);

  constructor(gitdir: string) {
    const { tmp } = gitPlaces(gitdir);
    mkdirSync(tmp, { recursive: true, mode: 0o700 });
    this.#gitdir = gitdir;
    this.#path = join(tmp, `${randomBytes(8).toString('hex')}.pack`);
    this.#fd = openSync(this.#path, 'wx', 0o600);
  }

  /** Throws the disk's own errors. */
  write(bytes: Buffer): void {
    if (this.#fd === null) throw new Error('the pack is closed');
    for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at);
    const all = this.#tail.length === 0 ? bytes : Buffer.concat([this.#tail, bytes]);
    const kept = Math.max(0, all.length - CHECKSUM_BYTES);
    this.#hash.update(all.subarray(0, kept));
    this.#tail = Buffer.from(all.subarray(kept));
  }

  /**
   * Checks, indexes and places the pack; an empty one is only checked. Returns the number of its
   * objects. Errors: `library/bad-pack`, `library/too-large`, the disk's own. Call `discard` after any.
   */
  async finish(limits: PackLimits = PACK_LIMITS): Promise<number> {
    if (this.#fd === null) throw new Error('the pack is closed');
    const sum = this.#hash.digest();
    if (this.#tail.length < CHECKSUM_BYTES) throw badPack('no pack in its answer');
    if (!sum.equals(this.#tail)) throw badPack('its checksum is wrong');
    const { count, index } = await indexPack(this.#path, sum, limits);
    if (count === 0) return 0;
    fsyncSync(this.#fd);
    this.#close();
    placePack(this.#gitdir, this.#path, sum, index);
    return count;
  }

  /** Removes what is left of it. Harmless after `finish`. */
  discard(): void {
    this.#close();
    removeIfThere(this.#path);
  }

  #close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }
}
