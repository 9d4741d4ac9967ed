import { chmodSync, closeSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../../src-contract/app-error.ts';
import { nativeBinding } from './native-binding.ts';
import { toStoreError } from './store-error.ts';

declare const encrypted: unique symbol;
/** An open, keyed and checked database. Only `openEncrypted` makes one, so a plaintext handle can't be passed on. */
export type EncryptedDb = Database.Database & { readonly [encrypted]: true };

/** 32 bytes. Its hex form goes into a PRAGMA, so it must be exactly 64 hex digits: shorter ones are taken as a passphrase. */
export type RawKey = Buffer;

/** How a person reads it; the scheme itself is set in `keyed`. */
export const STORE_CIPHER = 'SQLCipher 4 (AES-256)';

const RAW_KEY_HEX = /^[0-9a-f]{64}$/;
const PLAIN_HEADER = 'SQLite format 3\0';
/** Longest wait for another connection's write lock, milliseconds. */
const BUSY_MS = 5_000;
/** Problems that an integrity check names; more would only repeat. */
const MAX_PROBLEMS = 10;
const FILE_MODE = 0o600;
const DIR_MODE = 0o700;
const HAS_MODES = process.platform !== 'win32';

/**
 * Opens (or creates) a database encrypted as SQLCipher 4 under a raw key: WAL, full sync, temporary
 * data in memory, foreign keys on. The file is 0600, a folder that it makes 0700.
 *
 * Errors: `vault/bad-key` (not 32 bytes), `vault/plaintext-store` (the file is not encrypted),
 * `vault/wrong-key` (wrong key or damaged file), `vault/not-a-file`, `vault/store-damaged`,
 * `vault/not-writable`, `vault/disk-full`, `vault/disk-error`, `vault/store-busy`.
 */
export function openEncrypted(file: string, key: RawKey): EncryptedDb {
  const hex = key.toString('hex');
  if (!RAW_KEY_HEX.test(hex)) throw badKey();
  try {
    if (!prepareFile(file)) return keyed(file, hex);
    // What was written is looked at once, before anybody relies on it.
    const first = keyed(file, hex);
    first.exec('CREATE TABLE created (at INTEGER); DROP TABLE created');
    first.close();
    if (hasPlainHeader(file)) throw plaintextStore(file);
    return keyed(file, hex);
  } catch (error) {
    throw toStoreError(error) ?? error;
  }
}

/**
 * Reads every page and checks what SQLite can check; each page carries a MAC, so one flipped bit is
 * found. Empty where all is well. Blocks for as long as reading the whole file takes.
 */
export function integrityProblems(db: EncryptedDb): readonly string[] {
  try {
    // Pages in the cache would be checked there and not on the disk.
    db.pragma('shrink_memory');
    const rows = db.pragma(`integrity_check(${MAX_PROBLEMS})`) as { integrity_check: string }[];
    return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** True where the file is new: made here, empty, with its mode (SQLite gives WAL and shm the same). */
function prepareFile(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) {
    mkdirSync(dirname(file), { recursive: true, mode: DIR_MODE });
    closeSync(openSync(file, 'wx', FILE_MODE));
    return true;
  }
  if (!found.isFile()) throw notAFile(file);
  // SQLite takes a file of one byte for an empty one, and would begin a new store in it.
  if (found.size > 0 && found.size < PLAIN_HEADER.length) throw wrongKey(file, undefined);
  if (HAS_MODES && (found.mode & 0o077) !== 0) chmodSync(file, FILE_MODE);
  return found.size === 0;
}

function keyed(file: string, hex: string): EncryptedDb {
  const db = new Database(file, {
    timeout: BUSY_MS,
    fileMustExist: true,
    // Its typings know the path of a binary only; it takes the loaded one as well.
    nativeBinding: nativeBinding() as never,
  });
  try {
    expect(db.pragma(`cipher='sqlcipher'`), 'sqlcipher');
    expect(db.pragma('legacy=4'), 4);
    db.pragma(`key="x'${hex}'"`);
    db.pragma('temp_store=MEMORY');
    db.prepare('SELECT count(*) FROM sqlite_master').get();
    expect(db.pragma('journal_mode=WAL'), 'wal');
    db.pragma('synchronous=FULL');
    db.pragma('foreign_keys=ON');
    expect(db.pragma('temp_store'), 2);
    expect(db.pragma('synchronous'), 2);
    expect(db.pragma('foreign_keys'), 1);
    return db as EncryptedDb;
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_NOTADB') {
      throw hasPlainHeader(file) ? plaintextStore(file) : wrongKey(file, error);
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

/**
 * Only for a file that nobody in this process has open: closing a second descriptor drops SQLite's
 * locks. A plain file does not open under a key, so it is asked where opening failed.
 */
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

function notAFile(file: string): AppError {
  return new AppError('vault/not-a-file', 'There is something else where the store should be.', {
    remedy: 'Move away what has the name of the store (see "file"), then start Carrel again.',
    data: { file },
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
