import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const MAGIC = 0xff744f63;
/** Offset of the fan-out table, and of the sorted names behind its 256 counts. */
const FANOUT = 8;
const NAMES = FANOUT + 256 * 4;
const OID_BYTES = 20;

/** Names of the objects in a git directory's packs: answers "is it here" without unpacking anything. */
export class PackNames {
  readonly #gitdir: string;
  readonly #indexes: readonly Buffer[];

  constructor(gitdir: string) {
    this.#gitdir = gitdir;
    const dir = join(gitdir, 'objects', 'pack');
    this.#indexes = (existsSync(dir) ? readdirSync(dir) : [])
      .filter((name) => name.endsWith('.idx'))
      .map((name) => readFileSync(join(dir, name)))
      .filter((index) => index.length > NAMES && index.readUInt32BE(0) === MAGIC);
  }

  has(oid: string): boolean {
    const wanted = Buffer.from(oid, 'hex');
    if (wanted.length !== OID_BYTES) return false;
    if (this.#indexes.some((index) => contains(index, wanted))) return true;
    return existsSync(join(this.#gitdir, 'objects', oid.slice(0, 2), oid.slice(2)));
  }
}

/** Binary search between the two fan-out counts of the first byte. */
function contains(index: Buffer, wanted: Buffer): boolean {
  const first = wanted[0] ?? 0;
  let low = first === 0 ? 0 : index.readUInt32BE(FANOUT + (first - 1) * 4);
  let high = index.readUInt32BE(FANOUT + first * 4);
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = NAMES + middle * OID_BYTES;
    const order = index.compare(wanted, 0, OID_BYTES, at, at + OID_BYTES);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}
