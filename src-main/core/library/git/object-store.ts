import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type * as Git from 'isomorphic-git';
import { incomplete } from '../errors.ts';
import { atomicFs } from './atomic-fs.ts';
import { PackReader } from './packs/pack-reader.ts';
import type { ObjectType } from './packs/entry.ts';
import type { StoredObject } from './packs/loose-object.ts';
import { parseCommit, parseTree, type Commit, type TreeEntry } from './objects.ts';
import { gitPlaces } from './places.ts';

export type Oid = string;

/** What was accepted; only this is materialised. */
export const TRUSTED = 'refs/app/trusted';

/** The empty tree, which git knows without storing it. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** One private git directory, open. Holds pack indexes in memory: keep it for one job. */
export class ObjectStore {
  readonly gitdir: string;
  readonly git: typeof Git;
  readonly fs: Git.PromiseFsClient;
  readonly cache: object = {};
  #reader: PackReader | null = null;

  private constructor(git: typeof Git, gitdir: string) {
    this.git = git;
    this.gitdir = gitdir;
    this.fs = atomicFs(gitPlaces(gitdir).tmp);
  }

  /** Loads isomorphic-git at its first use only: it costs the worker 100 ms. */
  static async open(gitdir: string): Promise<ObjectStore> {
    return new ObjectStore(await import('isomorphic-git'), gitdir);
  }

  async resolve(ref: string): Promise<Oid | null> {
    try {
      return await this.git.resolveRef({ fs: this.fs, gitdir: this.gitdir, ref });
    } catch (error) {
      if (error instanceof Error && error.name === 'NotFoundError') return null;
      throw error;
    }
  }

  async moveRef(ref: string, oid: Oid): Promise<void> {
    const { fs, gitdir } = this;
    await this.git.writeRef({ fs, gitdir, ref, value: oid, force: true });
  }

  /** Errors: `library/incomplete` where it is missing, `library/bad-pack` where it is no commit. */
  async commit(oid: Oid): Promise<Commit> {
    return parseCommit(this.#read(oid, 'commit'));
  }

  async tree(oid: Oid): Promise<readonly TreeEntry[]> {
    return oid === EMPTY_TREE ? [] : parseTree(this.#read(oid, 'tree'));
  }

  async blob(oid: Oid): Promise<Buffer> {
    return this.#read(oid, 'blob');
  }

  /** An object of any kind as it is; null where it is not here. Errors: `library/damaged`. */
  object(oid: Oid): StoredObject | null {
    return oid === EMPTY_TREE
      ? { type: 'tree', bytes: Buffer.alloc(0) }
      : this.#objects().read(oid);
  }

  /** Whether the object is here, without unpacking it. */
  has(oid: Oid): boolean {
    return oid === EMPTY_TREE || this.#objects().has(oid);
  }

  /** After a fetch: new packs are looked at. */
  forget(): void {
    this.#reader = null;
  }

  /** The names of what was fetched and not accepted: without them it is asked for again. */
  dropFetched(): void {
    rmSync(join(this.gitdir, 'refs', 'remotes', 'origin'), { recursive: true, force: true });
  }

  #objects(): PackReader {
    this.#reader ??= new PackReader(this.gitdir);
    return this.#reader;
  }

  #read(oid: Oid, type: ObjectType): Buffer {
    const found = this.#objects().read(oid);
    // A tree may call any object a file; what it really is, its own header says.
    if (found?.type !== type) throw incomplete(oid);
    return found.bytes;
  }
}
