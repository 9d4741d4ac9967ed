import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../../../src-contract/app-error.ts';
import { tooLarge } from '../../errors.ts';
import { MAX_OBJECT_BYTES } from '../../limits.ts';
import { isMissing } from '../atomic-fs.ts';
import { applyDelta, deltaHead } from './delta.ts';
import { entryHead, inflateEntry } from './entry.ts';
import { hasLoose, readLoose, type StoredObject } from './loose-object.ts';
import { PackBytes } from './pack-bytes.ts';
import { PackIndex } from './pack-index.ts';
import { packDir } from './place-pack.ts';
import { CHECKSUM_BYTES } from './scan-pack.ts';
import { SizedCache } from './sized-cache.ts';
import { storeDamaged } from './store-damaged.ts';

/** Bases of deltas kept, bytes: objects that follow each other are often made of the same ones. */
const KEPT_BASE_BYTES = 8 * 1024 * 1024;

/** A pack in use. */
export interface OpenPack {
  readonly path: string;
  readonly index: PackIndex;
  readonly bytes: PackBytes;
}

interface Place {
  readonly pack: OpenPack;
  readonly offset: number;
}

/**
 * Reads the objects of a git directory, packed and loose. Another process may repack it meanwhile:
 * what isn't found any more is looked for again in the packs that are there now.
 */
export class PackReader {
  readonly #gitdir: string;
  readonly #bases = new SizedCache<string, StoredObject>(
    KEPT_BASE_BYTES,
    ({ bytes }) => bytes.length,
  );
  #packs: readonly OpenPack[];

  constructor(gitdir: string) {
    this.#gitdir = gitdir;
    this.#packs = openPacks(gitdir, []);
  }

  get packs(): readonly OpenPack[] {
    return this.#packs;
  }

  has(oid: string): boolean {
    return this.#place(oid) !== null || hasLoose(this.#gitdir, oid) || this.#afterChange(oid);
  }

  /** Null where it is not here. Errors: `library/damaged`. */
  read(oid: string): StoredObject | null {
    return (
      this.#tryPacked(oid) ??
      readLoose(this.#gitdir, oid) ??
      (this.#relist() ? (this.#tryPacked(oid) ?? readLoose(this.#gitdir, oid)) : null)
    );
  }

  /** Bytes of an object without unpacking it, where its pack tells; null where it is not here. */
  size(oid: string): number | null {
    const place = this.#place(oid);
    if (!place) return this.read(oid)?.bytes.length ?? null;
    try {
      const end = place.pack.bytes.size - CHECKSUM_BYTES;
      const head = entryHead(place.pack.bytes, place.offset, end);
      if (head.base.kind === 'none') return head.size;
      return deltaHead(inflateEntry(place.pack.bytes, head, end).bytes).result;
    } catch (error) {
      if (isMissing(error)) return this.read(oid)?.bytes.length ?? null;
      throw error;
    }
  }

  #afterChange(oid: string): boolean {
    return this.#relist() && this.#place(oid) !== null;
  }

  /** True where the packs are others than before. */
  #relist(): boolean {
    const before = this.#packs;
    this.#packs = openPacks(this.#gitdir, before);
    return (
      before.length !== this.#packs.length || before.some((pack, n) => pack !== this.#packs[n])
    );
  }

  #place(oid: string): Place | null {
    const wanted = Buffer.from(oid, 'hex');
    if (wanted.length !== 20) return null;
    for (const pack of this.#packs) {
      const offset = pack.index.find(wanted);
      if (offset >= 0) return { pack, offset };
    }
    return null;
  }

  /** Null too where the pack has gone in between. */
  #tryPacked(oid: string): StoredObject | null {
    const place = this.#place(oid);
    if (!place) return null;
    try {
      return this.#unpack(place, oid);
    } catch (error) {
      if (isMissing(error)) return null;
      if (error instanceof AppError && error.code !== 'library/too-large') {
        throw storeDamaged(oid, error);
      }
      throw error;
    }
  }

  /** Down the deltas to a whole object, and up again, without recursion. */
  #unpack(from: Place, oid: string): StoredObject {
    const deltas: { readonly key: string; readonly delta: Buffer }[] = [];
    const seen = new Set<string>();
    const { pack } = from;
    let { offset } = from;
    let found: StoredObject | undefined;
    while (!found) {
      const key = `${offset} ${pack.path}`;
      found = this.#bases.get(key);
      if (found) break;
      if (seen.has(key)) throw storeDamaged(oid);
      seen.add(key);
      const end = pack.bytes.size - CHECKSUM_BYTES;
      const head = entryHead(pack.bytes, offset, end);
      // Packs that native git fetched have not been through our own check.
      bounded(head.size);
      const { bytes } = inflateEntry(pack.bytes, head, end);
      if (head.base.kind === 'none') {
        found = { type: head.base.type, bytes };
        // Most objects are nobody's base: only those that are used as one are kept.
        if (deltas.length > 0) this.#bases.set(key, found);
        break;
      }
      bounded(deltaHead(bytes).result);
      deltas.push({ key, delta: bytes });
      offset =
        head.base.kind === 'offset'
          ? head.base.offset
          : // A base is in the same pack: no thin packs are taken, and none written.
            pack.index.find(Buffer.from(head.base.oid, 'hex'));
      if (offset < 0) throw storeDamaged(oid);
    }
    for (const { key, delta } of deltas.toReversed()) {
      found = { type: found.type, bytes: applyDelta(found.bytes, delta) };
      this.#bases.set(key, found);
    }
    return found;
  }
}

function bounded(size: number): void {
  if (size > MAX_OBJECT_BYTES) throw tooLarge(`an object of ${size} bytes`);
}

/** The packs with an index, in the order of their names; those known already are kept as they are. */
function openPacks(gitdir: string, known: readonly OpenPack[]): readonly OpenPack[] {
  const dir = packDir(gitdir);
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => name.endsWith('.idx'))
    .toSorted()
    .flatMap((name) => {
      const path = join(dir, `${name.slice(0, -4)}.pack`);
      const before = known.find((pack) => pack.path === path);
      if (before) return [before];
      try {
        const index = PackIndex.parse(readFileSync(join(dir, name)));
        return index ? [{ path, index, bytes: new PackBytes(path) }] : [];
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    });
}
