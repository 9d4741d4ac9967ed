import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { badPack, incomplete, tooLarge } from '../../../errors.ts';
import { MAX_FETCH_BYTES, MAX_OBJECT_BYTES } from '../../../limits.ts';
import { applyDelta } from './delta.ts';
import { inflateExactly, inflateHead } from './inflate.ts';
import { PackFile } from './pack-file.ts';

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';

export interface StoredObject {
  readonly type: ObjectType;
  readonly data: Buffer;
}

/** `commit 67108864` and its NUL. */
const MAX_LOOSE_HEAD = 32;
/** Longest chain of deltas that git makes. */
const MAX_DELTAS = 4_095;
/** A repository may borrow from another, which may borrow: as many as git follows. */
const MAX_BORROWED = 5;

/** The objects of a repository by its own files. Reads only; holds packs open until `close`. */
export class Objects {
  readonly #dirs: readonly string[];
  #packs: readonly PackFile[] | null = null;

  constructor(gitdir: string) {
    this.#dirs = withBorrowed(join(gitdir, 'objects'), 0);
  }

  has(oid: string): boolean {
    return this.#loose(oid) !== null || this.#packed(oid) !== null;
  }

  /** Errors: `library/incomplete` where it isn't there, `library/bad-pack`, `library/too-large`. */
  read(oid: string): StoredObject {
    const loose = this.#loose(oid);
    if (loose !== null) return readLoose(loose);
    const found = this.#packed(oid);
    if (!found) throw incomplete(oid);
    return this.#fromPack(found.pack, found.offset);
  }

  close(): void {
    for (const pack of this.#packs ?? []) pack.close();
    this.#packs = null;
  }

  /** Looks at the packs anew at the next question. */
  forget(): void {
    this.close();
  }

  #loose(oid: string): string | null {
    const name = join(oid.slice(0, 2), oid.slice(2));
    return this.#dirs.map((dir) => join(dir, name)).find(existsSync) ?? null;
  }

  #packed(oid: string): { readonly pack: PackFile; readonly offset: number } | null {
    this.#packs ??= this.#dirs.flatMap(packsIn).map((path) => new PackFile(path));
    for (const pack of this.#packs) {
      const offset = pack.find(oid);
      if (offset !== null) return { pack, offset };
    }
    return null;
  }

  /** Collects deltas down to a whole object, then applies them upwards. */
  #fromPack(pack: PackFile, first: number): StoredObject {
    const deltas: Buffer[] = [];
    let bytes = 0;
    let offset = first;
    let base: StoredObject | null = null;
    while (!base) {
      const entry = pack.read(offset);
      if (entry.is.kind === 'whole') {
        base = { type: entry.is.type, data: entry.data };
        break;
      }
      deltas.push(entry.data);
      bytes += entry.data.length;
      if (deltas.length > MAX_DELTAS || bytes > MAX_OBJECT_BYTES) throw badPack('too many deltas');
      if (entry.is.kind === 'delta-behind') {
        offset -= entry.is.distance;
        if (entry.is.distance === 0 || offset < 0) throw badPack('a broken delta');
      } else {
        const next = pack.find(entry.is.oid);
        if (next === null) base = this.read(entry.is.oid);
        else offset = next;
      }
    }
    const { type } = base;
    return { type, data: deltas.reduceRight((data, delta) => applyDelta(data, delta), base.data) };
  }
}

function readLoose(path: string): StoredObject {
  if (statSync(path).size > MAX_FETCH_BYTES) throw tooLarge('an object');
  const bytes = readFileSync(path);
  const head = inflateHead(bytes, MAX_LOOSE_HEAD).toString('latin1', 0, MAX_LOOSE_HEAD);
  const [all, type, size] = /^(commit|tree|blob|tag) (\d{1,10})\0/.exec(head) ?? [];
  if (all === undefined || size === undefined) throw badPack('an object that can not be opened');
  const { data } = inflateExactly(bytes, all.length + Number(size));
  return { type: type as ObjectType, data: data.subarray(all.length) };
}

function packsIn(dir: string): readonly string[] {
  const packs = join(dir, 'pack');
  if (!existsSync(packs)) return [];
  const names = readdirSync(packs).filter((name) => /^pack-[0-9a-f]+\.idx$/.test(name));
  return names
    .filter((name) => existsSync(join(packs, name.replace(/\.idx$/, '.pack'))))
    .map((name) => join(packs, name));
}

/** The folder of objects, and those that it borrows from (`objects/info/alternates`). */
function withBorrowed(dir: string, depth: number): readonly string[] {
  const list = join(dir, 'info', 'alternates');
  if (depth >= MAX_BORROWED || !existsSync(list)) return [dir];
  const lines = readFileSync(list, 'utf8').split('\n');
  const others = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const paths = others.map((line) => (isAbsolute(line) ? line : join(dir, line)));
  return [dir, ...paths.filter(existsSync).flatMap((path) => withBorrowed(path, depth + 1))];
}
