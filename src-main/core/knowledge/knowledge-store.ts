import { randomBytes } from 'node:crypto';
import type { EncryptedDb } from '../../db/open.ts';
import { newId } from '../shared/ids.ts';

const INDEX_KEY = 'knowledge.index-key';

export interface StoredCollection {
  readonly id: string;
  readonly name: string;
  readonly origin: 'library' | 'local';
}

export interface StoredUpload {
  /** Id of the attachment with its bytes. */
  readonly attachment: string;
  readonly path: string;
  readonly bytes: number;
  /** SHA-256, hex. */
  readonly hash: string;
}

/** What is true of knowledge: collections, where their documents come from, and uploads. */
export class KnowledgeStore {
  readonly #db: EncryptedDb;

  constructor(db: EncryptedDb) {
    this.#db = db;
  }

  /** The key of the index, 32 bytes; made at first use. */
  indexKey(): Buffer {
    const make = (): Buffer => {
      this.#db
        .prepare('INSERT OR IGNORE INTO kv (key, value) VALUES (?, ?)')
        .run(INDEX_KEY, randomBytes(32));
      const key = this.#db
        .prepare<[string], Buffer>('SELECT value FROM kv WHERE key = ?')
        .pluck()
        .get(INDEX_KEY);
      if (!key) throw new Error('the key of the index could not be stored');
      return key;
    };
    return this.#db.transaction(make).immediate();
  }

  /** Library first, then by name. */
  collections(): StoredCollection[] {
    return this.#db
      .prepare<[], StoredCollection>(
        'SELECT id, name, origin FROM knowledge_collections ORDER BY origin, name_key',
      )
      .all();
  }

  find(name: string): StoredCollection | null {
    const row = this.#db
      .prepare<[string], StoredCollection>(
        'SELECT id, name, origin FROM knowledge_collections WHERE name_key = ?',
      )
      .get(keyOf(name));
    return row ?? null;
  }

  create(name: string, origin: StoredCollection['origin'], now: number): StoredCollection {
    const collection = { id: newId(now), name: name.normalize('NFC'), origin };
    this.#db
      .prepare(
        'INSERT INTO knowledge_collections (id, name, name_key, origin, created_at) VALUES (?, ?, ?, ?, ?)',
      )
      .run(collection.id, collection.name, keyOf(name), origin, now);
    return collection;
  }

  /** Absolute folders and files in the order in which they were added. */
  sources(collection: string): string[] {
    return this.#db
      .prepare<[string], string>(
        'SELECT path FROM knowledge_sources WHERE collection = ? ORDER BY position',
      )
      .pluck()
      .all(collection);
  }

  /** Adding a source that is there already is fine. */
  addSource(collection: string, path: string): void {
    this.#db
      .prepare(
        `INSERT OR IGNORE INTO knowledge_sources (collection, path, position)
         SELECT ?, ?, 1 + coalesce(max(position), 0) FROM knowledge_sources WHERE collection = ?`,
      )
      .run(collection, path, collection);
  }

  setSources(collection: string, paths: readonly string[]): void {
    this.#db
      .transaction(() => {
        this.#db.prepare('DELETE FROM knowledge_sources WHERE collection = ?').run(collection);
        for (const path of paths) this.addSource(collection, path);
      })
      .immediate();
  }

  uploads(collection: string): StoredUpload[] {
    return this.#db
      .prepare<[string], StoredUpload>(
        'SELECT attachment, path, bytes, hash FROM knowledge_uploads WHERE collection = ? ORDER BY path',
      )
      .all(collection);
  }

  upload(collection: string, path: string): StoredUpload | null {
    return this.uploads(collection).find((upload) => upload.path === path) ?? null;
  }

  /**
   * Says that an attachment is about to be written. Until `keepUpload` it counts as one that nobody
   * owns, so that what a crash leaves behind is removed at the next start.
   */
  planAttachment(attachment: string): void {
    this.#db.prepare('INSERT INTO knowledge_orphans (attachment) VALUES (?)').run(attachment);
  }

  /** Owns a written attachment; the one that it replaces at its path is owned by nobody afterwards. */
  keepUpload(collection: string, upload: StoredUpload, now: number): void {
    this.#db
      .transaction(() => {
        this.#db
          .prepare(
            `INSERT OR IGNORE INTO knowledge_orphans (attachment)
             SELECT attachment FROM knowledge_uploads WHERE collection = ? AND path = ?`,
          )
          .run(collection, upload.path);
        this.#db
          .prepare(
            `INSERT INTO knowledge_uploads (attachment, collection, path, bytes, hash, created_at)
             VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (collection, path) DO UPDATE SET attachment = excluded.attachment,
               bytes = excluded.bytes, hash = excluded.hash, created_at = excluded.created_at`,
          )
          .run(upload.attachment, collection, upload.path, upload.bytes, upload.hash, now);
        this.dropOrphan(upload.attachment);
      })
      .immediate();
  }

  /** Attachments that nobody owns and that have to be removed. */
  orphans(): string[] {
    return this.#db.prepare<[], string>('SELECT attachment FROM knowledge_orphans').pluck().all();
  }

  dropOrphan(attachment: string): void {
    this.#db.prepare('DELETE FROM knowledge_orphans WHERE attachment = ?').run(attachment);
  }

  /** Forgets a collection with its sources; the attachments of its uploads are owned by nobody afterwards. */
  remove(collection: string): void {
    this.#db
      .transaction(() => {
        this.#db
          .prepare(
            `INSERT OR IGNORE INTO knowledge_orphans (attachment)
             SELECT attachment FROM knowledge_uploads WHERE collection = ?`,
          )
          .run(collection);
        this.#db.prepare('DELETE FROM knowledge_collections WHERE id = ?').run(collection);
      })
      .immediate();
  }
}

/** Names that differ in case only would be one folder on half of the systems: they are one name here. */
function keyOf(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
