import { setImmediate as turn } from 'node:timers/promises';
import { badPack, incomplete, tooLarge } from '../../../errors.ts';
import { MAX_DEPTH, MAX_PACK_OBJECTS } from '../../../limits.ts';
import { parseCommit, parseTree } from '../../objects.ts';
import type { ObjectType, Objects, StoredObject } from './objects.ts';

/** Objects between two turns of the event loop, so that a cancel is heard. */
const OBJECTS_A_TURN = 200;
const TREE_MODE = '40000';
const SUBMODULE_MODE = '160000';

export interface FoundObject extends StoredObject {
  readonly oid: string;
}

/**
 * The objects that `wants` need and who has all of `haves` lacks: commits, tags, trees and blobs, each
 * once. Unknown `haves` are passed over. Errors: `library/incomplete`, `library/bad-pack`,
 * `library/too-large`, those of reading.
 */
export class Walk {
  readonly #objects: Objects;
  readonly #signal: AbortSignal;
  /** What is known on the other side, or was given out. */
  readonly #seen = new Set<string>();
  #count = 0;

  constructor(objects: Objects, signal: AbortSignal) {
    this.#objects = objects;
    this.#signal = signal;
  }

  async *lacking(
    wants: readonly string[],
    haves: readonly string[],
  ): AsyncGenerator<FoundObject, undefined, undefined> {
    const theirs = await this.ancestors(haves.filter((oid) => this.#objects.has(oid)));
    const commits: FoundObject[] = [];
    const shared = new Set(haves.filter((oid) => theirs.has(oid)));
    const open = [...wants];
    for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
      if (theirs.has(oid)) shared.add(oid);
      if (theirs.has(oid) || this.#seen.has(oid)) continue;
      await this.#breathe();
      this.#seen.add(oid);
      const object = this.#objects.read(oid);
      commits.push({ oid, ...object });
      open.push(...pointedTo(object));
    }
    for (const oid of shared) await this.#markTree(treeOf(this.#objects, oid));
    for (const commit of commits) {
      yield commit;
      if (commit.type === 'commit') yield* this.#below(parseCommit(commit.data).tree, 0);
    }
  }

  /** All commits (and tags) that these reach, themselves included. */
  async ancestors(tips: readonly string[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    const open = [...tips];
    for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
      if (found.has(oid)) continue;
      await this.#breathe();
      found.add(oid);
      open.push(...pointedTo(this.#objects.read(oid)));
    }
    return found;
  }

  async *#below(oid: string, depth: number): AsyncGenerator<FoundObject, undefined, undefined> {
    if (this.#seen.has(oid)) return;
    if (depth > MAX_DEPTH) throw tooLarge('folders inside each other');
    await this.#breathe();
    this.#seen.add(oid);
    const tree = this.#read(oid, 'tree');
    yield { oid, ...tree };
    for (const entry of parseTree(tree.data)) {
      if (entry.mode === TREE_MODE) yield* this.#below(entry.oid, depth + 1);
      else if (entry.mode !== SUBMODULE_MODE && !this.#seen.has(entry.oid)) {
        await this.#breathe();
        this.#seen.add(entry.oid);
        yield { oid: entry.oid, ...this.#read(entry.oid, 'blob') };
      }
    }
  }

  /** Everything below a tree counts as known. */
  async #markTree(oid: string | null, depth = 0): Promise<void> {
    if (oid === null || this.#seen.has(oid)) return;
    if (depth > MAX_DEPTH) throw tooLarge('folders inside each other');
    await this.#breathe();
    this.#seen.add(oid);
    for (const entry of parseTree(this.#read(oid, 'tree').data)) {
      if (entry.mode === TREE_MODE) await this.#markTree(entry.oid, depth + 1);
      else this.#seen.add(entry.oid);
    }
  }

  #read(oid: string, type: ObjectType): StoredObject {
    const object = this.#objects.read(oid);
    if (object.type !== type) throw incomplete(oid);
    return object;
  }

  async #breathe(): Promise<void> {
    this.#count += 1;
    if (this.#count > MAX_PACK_OBJECTS) throw tooLarge(`${this.#count} objects`);
    if (this.#count % OBJECTS_A_TURN === 0) await turn();
    this.#signal.throwIfAborted();
  }
}

/** The commits or tagged objects that one names; a tree or blob that a tag names has no history. */
function pointedTo({ type, data }: StoredObject): readonly string[] {
  if (type === 'commit') return parseCommit(data).parents;
  if (type !== 'tag') throw badPack('a ref to something that is not a commit');
  const [, oid, kind] =
    /^object ([0-9a-f]{40})\ntype (\w+)\n/.exec(data.toString('latin1', 0, 80)) ?? [];
  if (oid === undefined) throw badPack('a broken tag');
  return kind === 'commit' || kind === 'tag' ? [oid] : [];
}

function treeOf(objects: Objects, oid: string): string | null {
  const { type, data } = objects.read(oid);
  return type === 'commit' ? parseCommit(data).tree : null;
}
