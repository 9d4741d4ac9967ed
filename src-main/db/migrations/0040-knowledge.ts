import type { Migration } from '../migrate.ts';

/** Collections, where their documents come from, and uploads. The index itself is a file of its own and derived. */
export const knowledge: Migration = {
  version: 40,
  name: 'knowledge',
  up(db) {
    db.exec(`
      CREATE TABLE knowledge_collections (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL UNIQUE,
        origin TEXT NOT NULL CHECK (origin IN ('library', 'local')),
        created_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE knowledge_sources (
        collection TEXT NOT NULL REFERENCES knowledge_collections ON DELETE CASCADE,
        path TEXT NOT NULL,
        position INTEGER NOT NULL,
        PRIMARY KEY (collection, path)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE knowledge_uploads (
        attachment TEXT PRIMARY KEY,
        collection TEXT NOT NULL REFERENCES knowledge_collections ON DELETE CASCADE,
        path TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        hash TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        UNIQUE (collection, path)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE knowledge_orphans (attachment TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    `);
  },
};
