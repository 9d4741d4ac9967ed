import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src-contract/app-error.ts';
import { integrityProblems, openEncrypted } from '../../src-main/db/open.ts';
import { toStoreError } from '../../src-main/db/store-error.ts';
import { codeOf, freshPlace, withStore } from './store.helper.ts';

const place = freshPlace();
const mode = (file: string): number => statSync(file).mode & 0o777;

describe('a new store', () => {
  it('is ciphertext from its first byte, with its write-ahead log', () => {
    withStore(place, (db) => {
      db.exec(`CREATE TABLE t (a); INSERT INTO t VALUES ('canary-of-the-store')`);
      const wal = readFileSync(`${place.file}-wal`);
      expect(wal.length).toBeGreaterThan(0);
      expect(wal.includes('canary-of-the-store')).toBe(false);
      expect(wal.includes('CREATE TABLE')).toBe(false);
    });
    const bytes = readFileSync(place.file);
    expect(bytes.subarray(0, 6).toString('latin1')).not.toBe('SQLite');
    expect(bytes.includes('canary-of-the-store')).toBe(false);
    expect(bytes.includes('CREATE TABLE')).toBe(false);
  });

  it('is opened with full sync, memory for temporary data and foreign keys', () => {
    withStore(place, (db) => {
      const value = (name: string): unknown => db.pragma(name, { simple: true });
      expect(value('journal_mode')).toBe('wal');
      expect(value('synchronous')).toBe(2);
      expect(value('temp_store')).toBe(2);
      expect(value('foreign_keys')).toBe(1);
      expect(value('cipher')).toBe('sqlcipher');
    });
  });

  it('makes files for the owner only, whatever the mask, and folders too', () => {
    const old = process.umask(0);
    try {
      const nested = { ...place, file: join(place.dir, 'a', 'b', 'store.db') };
      withStore(nested, (db) => {
        db.exec('CREATE TABLE t (a)');
        for (const end of ['', '-wal', '-shm'])
          expect([end, mode(nested.file + end)]).toEqual([end, 0o600]);
      });
      expect(mode(join(place.dir, 'a'))).toBe(0o700);
    } finally {
      process.umask(old);
    }
  });

  it('is begun again where the first start ended before its first page', () => {
    writeFileSync(place.file, '');
    withStore(place, (db) => db.exec('CREATE TABLE t (a)'));
    expect(statSync(place.file).size).toBeGreaterThan(0);
    expect(codeOf(() => openEncrypted(place.file, randomBytes(32)))).toBe('vault/wrong-key');
  });
});

describe('a store that is there', () => {
  it('takes the rights of others away', () => {
    withStore(place, () => undefined);
    chmodSync(place.file, 0o666);
    withStore(place, () => undefined);
    expect(mode(place.file)).toBe(0o600);
  });

  it.each([0, 1, 16, 31, 33, 64])('is never opened with a key of %d bytes', (length) => {
    withStore(place, () => undefined);
    const before = readFileSync(place.file);
    expect(codeOf(() => openEncrypted(place.file, randomBytes(length)))).toBe('vault/bad-key');
    expect(readFileSync(place.file)).toEqual(before);
  });

  it('is not made either with a key that is too short', () => {
    expect(codeOf(() => openEncrypted(place.file, Buffer.alloc(0)))).toBe('vault/bad-key');
    expect(existsSync(place.file)).toBe(false);
  });

  it('is refused and not touched with another key', () => {
    withStore(place, (db) => db.exec('CREATE TABLE t (a)'));
    const before = readFileSync(place.file);
    expect(codeOf(() => openEncrypted(place.file, randomBytes(32)))).toBe('vault/wrong-key');
    expect(readFileSync(place.file)).toEqual(before);
  });

  it('is refused and not touched where a plain one was put', () => {
    const plain = new Database(place.file);
    plain.exec('CREATE TABLE t (a)');
    plain.close();
    const before = readFileSync(place.file);
    expect(codeOf(() => openEncrypted(place.file, place.key))).toBe('vault/plaintext-store');
    expect(readFileSync(place.file)).toEqual(before);
  });

  it.each([1, 15, 16, 100, 1_024, 4_095])('cut to %d bytes is refused', (bytes) => {
    withStore(place, (db) => db.exec('CREATE TABLE t (a)'));
    truncateSync(place.file, bytes);
    expect(codeOf(() => openEncrypted(place.file, place.key))).toMatch(
      /^vault\/(wrong-key|store-damaged)$/,
    );
    expect(statSync(place.file).size).toBe(bytes);
  });

  it('is a clear error where a folder has its name', () => {
    mkdirSync(place.file);
    expect(codeOf(() => openEncrypted(place.file, place.key))).toMatch(/^vault\//);
  });

  it('opens in a genuine reader of SQLCipher 4 settings, and in no other', () => {
    withStore(place, (db) => db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (7)'));
    const db = new Database(place.file);
    db.pragma(`cipher='sqlcipher'`);
    db.pragma('legacy=4');
    db.pragma(`key="x'${place.key.toString('hex')}'"`);
    expect(db.prepare('SELECT a FROM t').pluck().get()).toBe(7);
    db.close();
    const other = new Database(place.file);
    expect(() => other.prepare('SELECT a FROM t').get()).toThrow('file is not a database');
    other.close();
  });
});

describe('integrity', () => {
  it('has no problems in a sound store', () => {
    withStore(place, (db) => {
      db.exec('CREATE TABLE t (a UNIQUE)');
      expect(integrityProblems(db)).toEqual([]);
    });
  });

  it('has one where a row is not what its table says', () => {
    withStore(place, (db) => {
      db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (NULL)');
      db.unsafeMode();
      db.pragma('writable_schema=ON');
      db.exec(`UPDATE sqlite_master SET sql = 'CREATE TABLE t (a NOT NULL)' WHERE name = 't'`);
    });
    withStore(place, (db) => expect(integrityProblems(db)).toEqual(['NULL value in t.a']));
  });

  it('has one, and throws nothing, where the store is closed', () => {
    const db = openEncrypted(place.file, place.key);
    db.close();
    expect(integrityProblems(db)).toHaveLength(1);
  });
});

describe('errors of the database', () => {
  it('are told apart by their code, with a remedy', () => {
    withStore(place, (db) => {
      db.exec('CREATE TABLE t (a)');
      db.pragma('max_page_count=4');
      const insert = db.prepare('INSERT INTO t VALUES (?)');
      const full = thrownBy(() => {
        for (let n = 0; n < 20; n += 1) insert.run('x'.repeat(2_000));
      });
      expect(toStoreError(full)).toMatchObject({ code: 'vault/disk-full', cause: full });
    });
    const readonly = new Database(place.file, { readonly: true });
    readonly.pragma(`cipher='sqlcipher'`);
    readonly.pragma('legacy=4');
    readonly.pragma(`key="x'${place.key.toString('hex')}'"`);
    const refused = thrownBy(() => readonly.exec('DELETE FROM t'));
    expect(toStoreError(refused)).toMatchObject({ code: 'vault/not-writable' });
    readonly.close();
  });

  it('are told for a lock that somebody else holds', () => {
    withStore(place, (db) => {
      db.exec('CREATE TABLE t (a)');
      withStore(place, (other) => {
        other.exec('BEGIN IMMEDIATE');
        db.pragma('busy_timeout=1');
        const busy = thrownBy(() => db.exec('INSERT INTO t VALUES (1)'));
        expect(toStoreError(busy)).toMatchObject({ code: 'vault/store-busy', action: 'retry' });
        other.exec('ROLLBACK');
      });
    });
  });

  it('stay what they are where a person can do nothing', () => {
    withStore(place, (db) => {
      expect(toStoreError(thrownBy(() => db.exec('SELECT * FROM nothing')))).toBeNull();
    });
    expect(toStoreError(new AppError('a/b', 'm', { remedy: 'r' }))).toBeNull();
    expect(toStoreError('text')).toBeNull();
    expect(toStoreError(new Error('plain'))).toBeNull();
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('it did not throw');
}
