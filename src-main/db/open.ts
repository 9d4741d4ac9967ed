import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError } from '../../src-contract/app-error.ts';

declare const encrypted: unique symbol;
/** An open, keyed and checked database. Only `openEncrypted` makes one, so a plaintext handle can't be passed on. */
export type EncryptedDb = Database.Database & { readonly [encrypted]: true };

/** 32 bytes. Its hex form goes into a PRAGMA, so it must be exactly 64 hex digits: shorter ones are taken as a passphrase. */
export type RawKey = Buffer;

const RAW_KEY_HEX = /^[0-9a-f]{64}$/;
const PLAIN_HEADER = 'SQLite format 3\0';
/** Longest wait for another connection's write lock, milliseconds. */
const BUSY_MS = 5_000;

/**
 * Opens (or creates) a database encrypted as SQLCipher 4 under a raw key: WAL, full sync, temporary
 * data in memory, foreign keys on.
 *
 * Errors: `vault/bad-key` (not 32 bytes), `vault/plaintext-store` (the file is not encrypted),
 * `vault/wrong-key` (wrong key or damaged file).
 */
export function openEncrypted(file: string, key: RawKey): EncryptedDb {
  const hex = key.toString('hex');
  if (!RAW_KEY_HEX.test(hex)) throw badKey();
  // Looked at only while nobody here has the file open: closing a second descriptor drops SQLite's locks.
  const isNew = !existsSync(file);
  if (!isNew && hasPlainHeader(file)) throw plaintextStore(file);
  if (isNew) {
    const first = keyed(file, hex);
    first.exec('CREATE TABLE created (at INTEGER); DROP TABLE created');
    first.close();
    if (hasPlainHeader(file)) throw plaintextStore(file);
  }
  return keyed(file, hex);
}

function keyed(file: string, hex: string): EncryptedDb {
  const db = new Database(file, { timeout: BUSY_MS });
  try {
    expect(db.pragma(`cipher='sqlcipher'`), 'sqlcipher');
    expect(db.pragma('legacy=4'), 4);
    db.pragma(`key="x'${hex}'"`);
    db.pragma('temp_store=MEMORY');
    db.prepare('SELECT count(*) FROM sqlite_master').get();
    expect(db.pragma('journal_mode=WAL'), 'wal');
    db.pragma('synchronous=FULL');
    db.pragma('foreign_keys=ON');
    return db as EncryptedDb;
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_NOTADB') {
      throw wrongKey(file, error);
    }
    throw error;
  }
}

/** A misspelt pragma is silently ignored by SQLite, so its answer is checked. */
function expect(answer: unknown, wanted: string | number): void {
  const row: unknown = Array.isArray(answer) ? answer[0] : answer;
  const value: unknown = typeof row === 'object' && row !== null ? Object.values(row)[0] : row;
  if (String(value) !== String(wanted)) {
    throw new Error(`the database answered ${String(value)} where ${wanted} was set`);
  }
}

function hasPlainHeader(file: string): boolean {
  const fd = openSync(file, 'r');
  try {
    const head = Buffer.alloc(16);
    readSync(fd, head, 0, 16, 0);
    return head.toString('latin1') === PLAIN_HEADER;
  } finally {
    closeSync(fd);
  }
}

function badKey(): AppError {
  return new AppError('vault/bad-key', 'The key of the store is not a 32-byte key.', {
    remedy: 'Put the original keys.json back from a backup; do not delete the store.',
  });
}

function plaintextStore(file: string): AppError {
  return new AppError('vault/plaintext-store', 'The store on disk is not encrypted.', {
    remedy: 'Move this file away: Carrel never opens a store that it did not encrypt.',
    data: { file },
  });
}

function wrongKey(file: string, cause: unknown): AppError {
  return new AppError('vault/wrong-key', 'The key does not open this store, or it is damaged.', {
    remedy:
      'Put the keys.json that belongs to it back, or restore a snapshot. Nothing was changed.',
    data: { file },
    cause,
  });
}
