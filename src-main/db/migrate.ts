import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AppError } from '../../src-contract/app-error.ts';
import { openEncrypted, type EncryptedDb, type RawKey } from './open.ts';

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
 * Errors: `vault/store-from-future`, and those of `openEncrypted`. A migration that fails leaves the
 * store as it was before it.
 */
export function openMigrated(
  file: string,
  key: RawKey,
  migrations: readonly Migration[],
  copiesDir: string,
): EncryptedDb {
  const newest = migrations.at(-1)?.version ?? 0;
  let db = openEncrypted(file, key);
  const current = schemaVersion(db);
  if (current > newest) {
    db.close();
    throw fromFuture(current, newest);
  }
  if (current > 0 && current < newest) {
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    copyBefore(file, copiesDir, current, newest);
    db = openEncrypted(file, key);
  }
  try {
    for (const migration of migrations) {
      if (migration.version <= current) continue;
      const handle = db;
      handle.transaction(() => {
        migration.up(handle);
        handle.pragma(`user_version=${migration.version}`);
      })();
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

export function schemaVersion(db: EncryptedDb): number {
  return db.pragma('user_version', { simple: true }) as number;
}

/** The file is closed and its WAL empty, so this copies everything. */
function copyBefore(file: string, copiesDir: string, from: number, to: number): void {
  mkdirSync(copiesDir, { recursive: true, mode: 0o700 });
  const stem = `${basename(file, '.db')}-before-`;
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  copyFileSync(file, join(copiesDir, `${stem}${stamp}-from-${from}-to-${to}.db`));
  const copies = readdirSync(copiesDir)
    .filter((name) => name.startsWith(stem))
    .toSorted();
  for (const old of copies.slice(0, -KEPT_COPIES)) rmSync(join(copiesDir, old));
}

function fromFuture(found: number, known: number): AppError {
  return new AppError(
    'vault/store-from-future',
    `This store was written by a newer Carrel (schema ${found}; this one knows ${known}).`,
    { remedy: 'Install the newer Carrel again. Nothing was changed.', data: { found, known } },
  );
}
