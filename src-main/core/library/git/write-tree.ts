import { badPack } from '../errors.ts';
import { isFolder } from './modes.ts';
import type { ObjectStore, Oid } from './object-store.ts';

const FILE = '100644';
const FOLDER = '40000';

interface RawEntry {
  readonly mode: string;
  /** As it is in the tree: names of strangers need not be text. */
  readonly raw: Buffer;
  readonly oid: Oid;
}

/** What becomes of one name: a file (null: none; undefined: as it is), and of what is below it. */
interface Node {
  file?: Oid | null;
  readonly below: Map<string, Node>;
}

/**
 * A tree with some files changed: blob by path, null for a file that goes. Only the folders of these
 * paths are read and written; everything else, links and odd names too, stays as it is. A folder
 * without entries goes. Errors: `library/bad-pack` where a file would stand in a folder's place.
 */
export async function writeTree(
  store: ObjectStore,
  base: Oid | null,
  changes: ReadonlyMap<string, Oid | null>,
): Promise<Oid> {
  if (changes.size === 0 && base !== null) return base;
  const root: Node = { below: new Map() };
  for (const [path, oid] of changes) {
    let node = root;
    for (const name of path.split('/')) node = child(node, name);
    node.file = oid;
  }
  return (await rebuild(store, base, root)) ?? writeEntries(store, []);
}

function child(node: Node, name: string): Node {
  const known = node.below.get(name);
  if (known) return known;
  const made: Node = { below: new Map() };
  node.below.set(name, made);
  return made;
}

/** Null where nothing is left in it. */
async function rebuild(store: ObjectStore, base: Oid | null, node: Node): Promise<Oid | null> {
  const entries = new Map<string, RawEntry>();
  for (const entry of base === null ? [] : await store.tree(base)) {
    entries.set(entry.raw.toString('latin1'), entry);
  }
  for (const [name, { file, below }] of node.below) {
    const raw = Buffer.from(name, 'utf8');
    const key = raw.toString('latin1');
    const before = entries.get(key);
    const folder = before && isFolder(before.mode) ? before.oid : null;
    if (below.size > 0) {
      const tree = await rebuild(store, folder, { below });
      if (tree !== null && typeof file === 'string') throw badPack('a file with a folder’s name');
      if (tree !== null) entries.set(key, { mode: FOLDER, raw, oid: tree });
      else if (folder !== null || file === null) entries.delete(key);
    }
    if (typeof file === 'string') {
      if (folder !== null && below.size === 0) throw badPack('a file with a folder’s name');
      // What may be run stays so: git on other machines keeps the mode.
      const mode = before && folder === null && before.mode === '100755' ? before.mode : FILE;
      entries.set(key, { mode, raw, oid: file });
    } else if (file === null && below.size === 0 && folder === null) entries.delete(key);
  }
  if (entries.size === 0) return null;
  return writeEntries(store, [...entries.values()]);
}

async function writeEntries(store: ObjectStore, entries: readonly RawEntry[]): Promise<Oid> {
  const parts = entries
    .map((entry) => ({ ...entry, mode: isFolder(entry.mode) ? FOLDER : entry.mode }))
    .toSorted((a, b) => Buffer.compare(sortKey(a), sortKey(b)))
    .map(({ mode, raw, oid }) =>
      Buffer.concat([Buffer.from(`${mode} `), raw, Buffer.of(0), Buffer.from(oid, 'hex')]),
    );
  const { fs, gitdir } = store;
  const object = Buffer.concat(parts);
  return store.git.writeObject({ fs, gitdir, type: 'tree', format: 'content', object });
}

/** Git sorts a folder as if its name ended with a slash. */
function sortKey({ mode, raw }: RawEntry): Buffer {
  return mode === FOLDER ? Buffer.concat([raw, Buffer.from('/')]) : raw;
}
