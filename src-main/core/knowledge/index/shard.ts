import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../../src-contract/app-error.ts';
import { openEncrypted, type EncryptedDb } from '../../../db/open.ts';
import { errnoOf, indexDamaged, indexOutdated } from '../errors.ts';
import type { ShardPlace } from './jobs.ts';

/** Raised whenever schema, tokeniser or chunking change: an index of another format is built anew. */
const INDEX_FORMAT = 2;
/** bm25 weights of path, title, body, symbols: measured on prose and code together. */
const WEIGHTS = '4.0, 2.0, 1.0, 1.5';

const SCHEMA = `
CREATE TABLE collections (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('partial', 'complete'))
) STRICT, WITHOUT ROWID;
CREATE TABLE files (
  id INTEGER PRIMARY KEY,
  collection TEXT NOT NULL,
  path TEXT NOT NULL,
  origin TEXT NOT NULL,
  kind TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  mtime REAL,
  hash TEXT,
  state TEXT NOT NULL CHECK (state IN ('indexed', 'skipped', 'failed')),
  error TEXT,
  chunks INTEGER NOT NULL,
  UNIQUE (collection, path),
  UNIQUE (collection, origin)
) STRICT;
CREATE INDEX files_by_state ON files (collection, state, chunks, bytes);
CREATE TABLE chunks (
  id INTEGER PRIMARY KEY,
  file INTEGER NOT NULL,
  start_line INTEGER NOT NULL,
  end_line INTEGER NOT NULL,
  title TEXT NOT NULL
) STRICT;
CREATE INDEX chunks_by_file ON chunks (file, start_line);
CREATE VIRTUAL TABLE words USING fts5(
  path, title, body, sym,
  tokenize = "porter unicode61 remove_diacritics 2", content = '', contentless_delete = 1
);
INSERT INTO words (words, rank) VALUES ('rank', 'bm25(${WEIGHTS})');
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
`;

/** One shard is enough until a collection is too large for one writer; the layout has room for more. */
function shardFile(dir: string): string {
  return join(dir, 'shard-0.db');
}

/**
 * Opens the index, making an empty one where there is none. Pages that are freed are overwritten.
 *
 * Errors: `knowledge/index-outdated` (another format), `knowledge/index-damaged`.
 */
export function openShard(place: ShardPlace): EncryptedDb {
  mkdirSync(place.dir, { recursive: true, mode: 0o700 });
  const file = shardFile(place.dir);
  const db = guarded(() => openEncrypted(file, Buffer.from(place.key)));
  try {
    chmodSync(file, 0o600);
    // Derived data: a power cut may lose the last commits, which are then indexed again.
    db.pragma('synchronous=NORMAL');
    db.pragma('secure_delete=ON');
    guarded(() => prepare(db));
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Deletes the index. Nobody may have it open. */
export function deleteShard(dir: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(shardFile(dir) + end, { force: true });
}

/** Runs `read`, turning what SQLite says of a damaged file into `knowledge/index-damaged`. */
export function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isDamage(error)) throw indexDamaged(error);
    throw error;
  }
}

/** The same for work that waits. */
export async function guardedAsync<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isDamage(error)) throw indexDamaged(error);
    throw error;
  }
}

function prepare(db: EncryptedDb): void {
  const version = (): number => db.pragma('user_version', { simple: true }) as number;
  if (version() === 0) {
    db.transaction(() => {
      // Another thread may have made it meanwhile.
      if (version() !== 0) return;
      db.exec(SCHEMA);
      db.pragma(`user_version=${INDEX_FORMAT}`);
    }).immediate();
  }
  if (version() !== INDEX_FORMAT) throw indexOutdated(version());
}

function isDamage(error: unknown): boolean {
  if (error instanceof AppError) {
    return error.code === 'vault/wrong-key' || error.code === 'vault/plaintext-store';
  }
  return /^SQLITE_(?:CORRUPT|NOTADB|IOERR)/.test(errnoOf(error));
}
