import { isFile, isFolder } from './modes.ts';
import type { ObjectStore, Oid } from './object-store.ts';
import type { TreeEntry } from './objects.ts';

type Trees = Pick<ObjectStore, 'tree'>;

/** Finds paths in trees; remembers what each tree said, so that a walk through versions reads what changed only. */
export class TreePaths {
  readonly #store: Trees;
  readonly #path: readonly string[];
  readonly #known = new Map<Oid, TreeEntry | null>();

  constructor(store: Trees, path: string) {
    this.#store = store;
    this.#path = path.split('/');
  }

  /** Entry at the path below this tree, a file or a folder; null where there is none. */
  async in(tree: Oid): Promise<TreeEntry | null> {
    return this.#find(tree, 0);
  }

  async #find(tree: Oid, depth: number): Promise<TreeEntry | null> {
    const key = `${depth} ${tree}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = await this.#look(tree, depth);
    this.#known.set(key, found);
    return found;
  }

  async #look(tree: Oid, depth: number): Promise<TreeEntry | null> {
    const entry = (await this.#store.tree(tree)).find(({ name }) => name === this.#path[depth]);
    if (!entry) return null;
    if (depth < this.#path.length - 1) {
      return isFolder(entry.mode) ? this.#find(entry.oid, depth + 1) : null;
    }
    return isFile(entry.mode) || isFolder(entry.mode) ? entry : null;
  }
}

/** Blob of a file in a version's tree; null where it has no such file. */
export async function blobAt(store: Trees, tree: Oid, path: string): Promise<Oid | null> {
  const entry = await new TreePaths(store, path).in(tree);
  return entry && isFile(entry.mode) ? entry.oid : null;
}
