import type { Migration } from '../migrate.ts';

/** Provider endpoints with their keys. The whole database is encrypted; keys live nowhere else. */
export const providers: Migration = {
  version: 20,
  name: 'providers',
  up(db) {
    db.exec(`
      CREATE TABLE providers (
        id TEXT PRIMARY KEY,
        base_url TEXT NOT NULL,
        key TEXT,
        -- JSON array of model names, the one to use by default first
        models TEXT NOT NULL,
        -- 1 where a person named the models: a test then leaves the list alone
        models_given INTEGER NOT NULL CHECK (models_given IN (0, 1)),
        state TEXT NOT NULL CHECK (state IN ('untested', 'ready', 'failed')),
        -- JSON of the error of the last failure
        error TEXT,
        test_ms REAL
      ) STRICT, WITHOUT ROWID
    `);
  },
};
