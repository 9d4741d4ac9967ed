import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openMigrated, schemaVersion, type Migration } from '../../src-main/db/migrate.ts';
import { migrations } from '../../src-main/db/migrations/index.ts';
import type { EncryptedDb } from '../../src-main/db/open.ts';
import { codeOf, freshPlace, withStore } from './store.helper.ts';

const place = freshPlace();
const copies = (): string => join(place.dir, 'backups');

const ten: Migration = {
  version: 10,
  name: 'ten',
  up: (db) => db.exec(`CREATE TABLE a (x); INSERT INTO a VALUES ('first')`),
};
const twenty: Migration = {
  version: 20,
  name: 'twenty',
  up: (db) => db.exec('CREATE TABLE b (x)'),
};
const broken: Migration = {
  version: 30,
  name: 'broken',
  up: (db) => {
    db.exec(`CREATE TABLE c (x); DELETE FROM a; DROP TABLE b`);
    throw new Error('half-way');
  },
};

function open(list: readonly Migration[]): EncryptedDb {
  return openMigrated(place.file, place.key, list, copies());
}

function migrate(list: readonly Migration[]): number {
  const db = open(list);
  const version = schemaVersion(db);
  db.close();
  return version;
}

function tables(): string[] {
  return withStore(place, (db) =>
    db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1`).pluck().all(),
  ) as string[];
}

const listed = (): string[] => (existsSync(copies()) ? readdirSync(copies()).toSorted() : []);

describe('migrations', () => {
  it('run once, in order, and a new store needs no copy', () => {
    expect(migrate([ten, twenty])).toBe(20);
    expect(tables()).toEqual(['a', 'b']);
    expect(migrate([ten, twenty])).toBe(20);
    expect(withStore(place, (db) => db.prepare('SELECT x FROM a').pluck().all())).toEqual([
      'first',
    ]);
    expect(listed()).toEqual([]);
  });

  it('copy the store as it was before, encrypted, and the copy opens', () => {
    migrate([ten]);
    withStore(place, (db) => db.exec(`INSERT INTO a VALUES ('second')`));
    migrate([ten, twenty]);
    const [copy = ''] = listed();
    expect(copy).toMatch(/^store-before-.*-from-10-to-20\.db$/);
    const file = join(copies(), copy);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(copies()).mode & 0o777).toBe(0o700);
    expect(readFileSync(file).subarray(0, 6).toString('latin1')).not.toBe('SQLite');
    withStore({ ...place, file }, (db) => {
      expect(schemaVersion(db)).toBe(10);
      expect(db.prepare('SELECT x FROM a').pluck().all()).toEqual(['first', 'second']);
    });
  });

  it('keep the newest copies only, and what else is in the folder', () => {
    mkdirSync(copies());
    writeFileSync(join(copies(), 'mine.db'), '');
    for (let n = 1; n <= 6; n += 1) {
      const list = Array.from({ length: n }, (_, at) => ({
        version: (at + 1) * 10,
        name: `m${at}`,
        up: () => undefined,
      }));
      migrate(list);
    }
    expect(listed()).toHaveLength(4);
    expect(listed()).toContain('mine.db');
    expect(listed().filter((name) => name.includes('-to-60'))).toHaveLength(1);
    expect(listed().some((name) => name.includes('-to-20'))).toBe(false);
  });

  it('that fail half-way leave the store as it was before, and the steps before them done', () => {
    migrate([ten]);
    expect(codeOf(() => open([ten, twenty, broken]))).toBe('vault/migration-failed');
    expect(tables()).toEqual(['a', 'b']);
    withStore(place, (db) => {
      expect(schemaVersion(db)).toBe(20);
      expect(db.prepare('SELECT x FROM a').pluck().all()).toEqual(['first']);
    });
    expect(listed()).toHaveLength(1);
    expect(migrate([ten, twenty])).toBe(20);
  });

  it('that fill the disk say so', () => {
    migrate([ten]);
    const large: Migration = {
      version: 20,
      name: 'large',
      up: (db) => {
        db.pragma('max_page_count=8');
        db.exec(`CREATE TABLE big (x); INSERT INTO big VALUES (zeroblob(1000000))`);
      },
    };
    expect(codeOf(() => open([ten, large]))).toBe('vault/disk-full');
    expect(tables()).toEqual(['a']);
  });

  it('do not begin where the copy can not be made', () => {
    migrate([ten]);
    writeFileSync(copies(), 'a file in the way');
    expect(codeOf(() => open([ten, twenty]))).not.toBe('no error');
    expect(tables()).toEqual(['a']);
  });

  it.each([
    [[twenty, ten]],
    [[ten, ten]],
    [[{ ...ten, version: 0 }]],
    [[{ ...ten, version: 1.5 }]],
  ])('out of order are found at once', (list) => {
    expect(codeOf(() => open(list))).toMatch(/does not follow/);
    expect(existsSync(place.file)).toBe(false);
  });
});

describe('a store from the future', () => {
  it('is refused, not touched and not copied', () => {
    migrate([ten, twenty]);
    const before = readFileSync(place.file);
    expect(codeOf(() => open([ten]))).toBe('vault/store-from-future');
    expect(readFileSync(place.file)).toEqual(before);
    expect(listed()).toEqual([]);
    expect(existsSync(`${place.file}-wal`)).toBe(false);
  });
});

describe('the real migrations', () => {
  it('are in order, steps of ten, and make a sound store', () => {
    const versions = migrations.map(({ version }) => version);
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(versions.every((version) => version % 10 === 0)).toBe(true);
    expect(migrate(migrations)).toBe(versions.at(-1));
  });

  it('each bring a store from the version before to the same schema as a new one', () => {
    const schemaOf = (at: typeof place): unknown =>
      withStore(at, (db) =>
        db.prepare('SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2').all(),
      );
    migrate(migrations);
    const whole = schemaOf(place);
    const stepwise = { ...place, file: join(place.dir, 'stepwise.db') };
    for (let count = 1; count <= migrations.length; count += 1) {
      openMigrated(stepwise.file, place.key, migrations.slice(0, count), copies()).close();
    }
    expect(schemaOf(stepwise)).toEqual(whole);
  });
});
