import type { Migration } from '../migrate.ts';

/** Small values of the engine itself, such as the key of the knowledge index. */
export const base: Migration = {
  version: 10,
  name: 'base',
  up(db) {
    db.exec(`CREATE TABLE kv (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID`);
  },
};
