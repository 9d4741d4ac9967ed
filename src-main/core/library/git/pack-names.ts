import { PackReader } from './packs/pack-reader.ts';

/** Names of the objects in a git directory: answers "is it here" without unpacking anything. */
export class PackNames {
  readonly #reader: PackReader;

  constructor(gitdir: string) {
    this.#reader = new PackReader(gitdir);
  }

  has(oid: string): boolean {
    return this.#reader.has(oid);
  }
}
