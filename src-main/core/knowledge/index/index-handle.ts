import { AppError } from '../../../../src-contract/app-error.ts';
import type { EncryptedDb } from '../../../db/open.ts';
import type { ShardPlace } from './jobs.ts';
import { ShardReader } from './reader.ts';
import { guarded, openShard } from './shard.ts';

/** Decrypted pages that are kept: with less, each query decrypts the same lists of common words again. */
const CACHE_KIB = 16 * 1024;

/**
 * The engine's reading end of the index. Opened at first use and kept open; what is found damaged
 * or of another format stays `broken` until it was reset, and every read says so: a broken index
 * never looks like an empty one.
 */
export class IndexHandle {
  readonly place: ShardPlace;
  #open: { readonly db: EncryptedDb; readonly reader: ShardReader } | null = null;
  #broken: AppError | null = null;

  constructor(place: ShardPlace) {
    this.place = place;
  }

  /** Why the index can't be used, or null. */
  get broken(): AppError | null {
    return this.#broken;
  }

  /** Tries to open it; false where it is broken, and `broken` says why. */
  isUsable(): boolean {
    try {
      this.read((reader) => reader.states());
    } catch (error) {
      if (!this.#broken) throw error;
    }
    return this.#broken === null;
  }

  /** Errors: `knowledge/index-damaged`, `knowledge/index-outdated`. */
  read<T>(work: (reader: ShardReader) => T): T {
    if (this.#broken) throw this.#broken;
    try {
      this.#open ??= this.#openNow();
      const { reader } = this.#open;
      return guarded(() => work(reader));
    } catch (error) {
      this.note(error);
      throw error;
    }
  }

  /** Takes over what somebody else (the worker) found out about the index. */
  note(error: unknown): void {
    if (!(error instanceof AppError) || !error.code.startsWith('knowledge/index-')) return;
    this.#broken = error;
    this.close();
  }

  /** Runs `reset`, which makes a new index, while this end is closed. */
  async resetBy(reset: () => Promise<unknown>): Promise<void> {
    this.close();
    await reset();
    this.#broken = null;
  }

  close(): void {
    this.#open?.db.close();
    this.#open = null;
  }

  #openNow(): { readonly db: EncryptedDb; readonly reader: ShardReader } {
    const db = openShard(this.place);
    db.pragma('query_only=ON');
    db.pragma(`cache_size=-${CACHE_KIB}`);
    return { db, reader: new ShardReader(db) };
  }
}
