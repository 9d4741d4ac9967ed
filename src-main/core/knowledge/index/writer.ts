import type { EncryptedDb } from '../../../db/open.ts';
import type { ErrorShape } from '../../../../src-contract/app-error.ts';
import type { IndexedChunk } from './document.ts';

/** What is known of a file in the index. */
export interface KnownFile {
  readonly id: number;
  readonly path: string;
  readonly bytes: number;
  readonly mtime: number | null;
  readonly hash: string | null;
  readonly state: 'indexed' | 'skipped' | 'failed';
  readonly chunks: number;
  readonly error: string | null;
}

/** A file as it goes into the index; whatever was there of it before is replaced. */
export interface FileRecord {
  readonly collection: string;
  readonly path: string;
  readonly origin: string;
  readonly kind: string;
  readonly bytes: number;
  /** Milliseconds; null where it can't be trusted, so that the hash decides the next time. */
  readonly mtime: number | null;
  readonly hash: string | null;
  readonly state: 'indexed' | 'skipped' | 'failed';
  readonly error: ErrorShape | null;
  readonly chunks: readonly IndexedChunk[];
}

/** Pages merged per step while erasing; a step holds the write lock for some milliseconds. */
const MERGE_PAGES = 500;

/** Writes the index. Callers hold the transaction around `put` and `removeOrigin`. */
export class ShardWriter {
  readonly #db: EncryptedDb;

  constructor(db: EncryptedDb) {
    this.#db = db;
  }

  transaction(work: () => void): void {
    this.#db.transaction(work).immediate();
  }

  known(collection: string, origin: string): KnownFile | null {
    const row = this.#db
      .prepare<[string, string], KnownFile>(
        'SELECT id, path, bytes, mtime, hash, state, chunks, error FROM files WHERE collection = ? AND origin = ?',
      )
      .get(collection, origin);
    return row ?? null;
  }

  /** Notes the new time of a file whose bytes are the same. */
  touch(id: number, mtime: number | null): void {
    this.#db.prepare('UPDATE files SET mtime = ? WHERE id = ?').run(mtime, id);
  }

  put(file: FileRecord): void {
    const db = this.#db;
    this.removeOrigin(file.collection, file.origin);
    // The path can only be taken by a file that moved away from it.
    const other = db
      .prepare<[string, string], { origin: string }>(
        'SELECT origin FROM files WHERE collection = ? AND path = ?',
      )
      .get(file.collection, file.path);
    if (other) this.removeOrigin(file.collection, other.origin);
    const { lastInsertRowid: id } = db
      .prepare(
        `INSERT INTO files (collection, path, origin, kind, bytes, mtime, hash, state, error, chunks)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        file.collection,
        file.path,
        file.origin,
        file.kind,
        file.bytes,
        file.mtime,
        file.hash,
        file.state,
        file.error ? JSON.stringify(file.error) : null,
        file.chunks.length,
      );
    const addChunk = db.prepare(
      'INSERT INTO chunks (file, start_line, end_line, title) VALUES (?, ?, ?, ?)',
    );
    const addWords = db.prepare(
      'INSERT INTO words (rowid, path, title, body, sym) VALUES (?, ?, ?, ?, ?)',
    );
    for (const chunk of file.chunks) {
      const row = addChunk.run(id, chunk.startLine, chunk.endLine, chunk.title);
      addWords.run(row.lastInsertRowid, ...chunk.columns);
    }
  }

  /** Takes a file out; true where it was there. Its words are gone from the file on disk after `erase`. */
  removeOrigin(collection: string, origin: string): boolean {
    const file = this.known(collection, origin);
    if (!file) return false;
    const db = this.#db;
    db.prepare('DELETE FROM words WHERE rowid IN (SELECT id FROM chunks WHERE file = ?)').run(
      file.id,
    );
    db.prepare('DELETE FROM chunks WHERE file = ?').run(file.id);
    db.prepare('DELETE FROM files WHERE id = ?').run(file.id);
    return true;
  }

  mark(collection: string, state: 'partial' | 'complete'): void {
    this.#db
      .prepare(
        'INSERT INTO collections (id, state) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state',
      )
      .run(collection, state);
  }

  /** Origins of up to `limit` files of a collection. */
  origins(collection: string, limit: number): string[] {
    return this.#db
      .prepare<[string, number], string>('SELECT origin FROM files WHERE collection = ? LIMIT ?')
      .pluck()
      .all(collection, limit);
  }

  unmark(collection: string): void {
    this.#db.prepare('DELETE FROM collections WHERE id = ?').run(collection);
  }

  /**
   * Makes removed words vanish from the file: a contentless index keeps the terms of deleted rows
   * until its segments are merged, and the WAL keeps old pages until it is truncated.
   */
  erase(): void {
    const db = this.#db;
    const isEmpty = db.prepare('SELECT 1 FROM chunks LIMIT 1').get() === undefined;
    if (isEmpty) db.exec(`INSERT INTO words (words) VALUES ('delete-all')`);
    else this.#mergeAll();
    db.pragma('wal_checkpoint(TRUNCATE)');
  }

  /** In steps, so that no single one keeps readers' checkpoints and other writers waiting for long. */
  #mergeAll(): void {
    const merge = this.#db.prepare(`INSERT INTO words (words, rank) VALUES ('merge', ?)`);
    const changes = this.#db.prepare('SELECT total_changes()').pluck();
    let pages = -MERGE_PAGES;
    for (;;) {
      const before = changes.get() as number;
      merge.run(pages);
      // SQLite's documentation: fewer than two changes say that there was nothing to merge.
      if ((changes.get() as number) - before < 2) return;
      pages = MERGE_PAGES;
    }
  }
}
