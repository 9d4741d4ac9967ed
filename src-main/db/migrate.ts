import {
  chmodSync,
  closeSync,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { AppError } from '../../src-contract/app-error.ts';
import { openEncrypted, type EncryptedDb, type RawKey } from './open.ts';
import { toStoreError } from './store-error.ts';

/** One additive step of the schema. Its number is the store's `user_version` afterwards; steps of ten leave room. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  up(db: EncryptedDb): void;
}

/** Copies from before a migration that are kept; older ones are removed when a newer is made. */
const KEPT_COPIES = 3;

/**
 * Opens a store and brings it to the newest schema: a copy of the encrypted file first (where there
 * is something to lose), then each missing migration in a transaction of its own.
 *
 * Errors: `vault/store-from-future`, `vault/migration-failed`, and those of `openEncrypted`. A
 * migration that fails leaves the store as it was before it.
 */
export function openMigrated(
  file: string,
  key: RawKey,
  migrations: readonly Migration[],
  copiesDir: string,
): EncryptedDb {
  const newest = lastVersion(migrations);
  let db = openEncrypted(file, key);
  try {
    const current = schemaVersion(db);
    if (current > newest) throw fromFuture(current, newest);
    if (current > 0 && current < newest) {
      emptyWal(db);
      db.close();
      copyBefore(file, copiesDir, current, newest);
      db = openEncrypted(file, key);
    }
    for (const migration of migrations) if (migration.version > current) apply(db, migration);
    return db;
  } catch (error) {
    db.close();
    throw toStoreError(error) ?? error;
  }
}

export function schemaVersion(db: EncryptedDb): number {
  return db.pragma('user_version', { simple: true }) as number;
}

/** A list out of order would skip a migration for ever: found at the first start, not at a user's. */
function lastVersion(migrations: readonly Migration[]): number {
  let last = 0;
  for (const { version, name } of migrations) {
    if (!Number.isSafeInteger(version) || version <= last) {
      throw new Error(`migration ${name} (${version}) does not follow ${last}`);
    }
    last = version;
  }
  return last;
}

function apply(db: EncryptedDb, migration: Migration): void {
  try {
    db.transaction(() => {
      migration.up(db);
      db.pragma(`user_version=${migration.version}`);
    })();
  } catch (error) {
    throw toStoreError(error) ?? migrationFailed(migration, error);
  }
}

/** The copy takes the main file only, so everything must be in it. */
function emptyWal(db: EncryptedDb): void {
  const [row] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
  if (row?.busy !== 0) {
    throw new AppError('vault/store-busy', 'The store is in use by something else.', {
      remedy: 'End other programs that open it, then start Carrel again.',
      action: 'retry',
    });
  }
}

/** The file is closed and its WAL empty, so this copies everything. A copy that stops half-way never gets its name. */
function copyBefore(file: string, copiesDir: string, from: number, to: number): void {
  mkdirSync(copiesDir, { recursive: true, mode: 0o700 });
  const stem = `${basename(file, '.db')}-before-`;
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const copy = join(copiesDir, `${stem}${stamp}-from-${from}-to-${to}.db`);
  const partial = join(copiesDir, `${stem}copy.tmp`);
  try {
    copyFileSync(file, partial);
    chmodSync(partial, 0o600);
    syncFile(partial);
    renameSync(partial, copy);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
  const copies = readdirSync(copiesDir)
    .filter((name) => name.startsWith(stem) && name.endsWith('.db'))
    .toSorted();
  for (const old of copies.slice(0, -KEPT_COPIES)) rmSync(join(copiesDir, old));
}

function syncFile(file: string): void {
  const fd = openSync(file, 'r+');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function fromFuture(found: number, known: number): AppError {
  return new AppError(
    'vault/store-from-future',
    `This store was written by a newer Carrel (schema ${found}; this one knows ${known}).`,
    { remedy: 'Install the newer Carrel again. Nothing was changed.', data: { found, known } },
  );
}

function migrationFailed(migration: Migration, cause: unknown): AppError {
  return new AppError(
    'vault/migration-failed',
    `The store could not be brought to this version (step ${migration.version}, ${migration.name}).`,
    {
      remedy:
        'Install the Carrel you had before: the store is as it was, and a copy is in backups/. The logs say what failed.',
      data: { version: migration.version, name: migration.name },
      cause,
    },
  );
}
