import type * as Git from 'isomorphic-git';
import { incomplete } from '../errors.ts';
import { atomicFs } from './atomic-fs.ts';
import { PackNames } from './pack-names.ts';
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
  #names: PackNames | null = null;

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
    return parseCommit(await this.#read(oid, 'commit'));
  }

  async tree(oid: Oid): Promise<readonly TreeEntry[]> {
    return oid === EMPTY_TREE ? [] : parseTree(await this.#read(oid, 'tree'));
  }

  async blob(oid: Oid): Promise<Buffer> {
    return this.#read(oid, 'blob');
  }

  /** Whether the object is here, without unpacking it. */
  has(oid: Oid): boolean {
    this.#names ??= new PackNames(this.gitdir);
    return oid === EMPTY_TREE || this.#names.has(oid);
  }

  /** After a fetch: new packs are looked at. */
  forget(): void {
    this.#names = null;
  }

  async #read(oid: Oid, type: 'commit' | 'tree' | 'blob'): Promise<Buffer> {
    if (!this.has(oid)) throw incomplete(oid);
    const { fs, gitdir, cache } = this;
    const found = await this.git.readObject({ fs, gitdir, cache, oid, format: 'content' });
    // A tree may call any object a file; what it really is, its own header says.
    if (found.type !== type || !(found.object instanceof Uint8Array)) throw incomplete(oid);
    const { buffer, byteOffset, byteLength } = found.object;
    return Buffer.from(buffer, byteOffset, byteLength);
  }
}
