import type { Migration } from '../migrate.ts';

/**
 * Conversations as trees of messages, the parts of answers that are being written, and the
 * full-text index. `messages.indexed` says whether a row's text stands in the index: an entry of
 * an external-content table may only be removed with the very text that was put in.
 */
export const chat: Migration = {
  version: 30,
  name: 'chat',
  up(db) {
    db.exec(`
      CREATE TABLE conversations (
        id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        leaf_id TEXT,
        route TEXT,
        agent TEXT,
        -- JSON array of names
        collections TEXT NOT NULL DEFAULT '[]',
        deleted_at INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX conversations_by_update ON conversations (updated_at DESC) WHERE deleted_at IS NULL;
      CREATE INDEX conversations_deleted ON conversations (deleted_at) WHERE deleted_at IS NOT NULL;

      CREATE TABLE messages (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        conversation_id TEXT NOT NULL REFERENCES conversations (id),
        parent_id TEXT REFERENCES messages (id),
        role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
        status TEXT NOT NULL
          CHECK (status IN ('complete', 'streaming', 'length', 'truncated', 'cancelled', 'failed')),
        text TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        -- JSON: citations, what was used, the error
        citations TEXT NOT NULL DEFAULT '[]',
        used TEXT,
        error TEXT,
        indexed INTEGER NOT NULL DEFAULT 0 CHECK (indexed IN (0, 1))
      ) STRICT;
      CREATE INDEX messages_by_conversation ON messages (conversation_id, seq);
      CREATE INDEX messages_by_parent ON messages (parent_id);
      CREATE INDEX messages_streaming ON messages (seq) WHERE status = 'streaming';

      CREATE TABLE answer_parts (
        message_id TEXT NOT NULL REFERENCES messages (id),
        part INTEGER NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (message_id, part)
      ) STRICT, WITHOUT ROWID;

      CREATE VIRTUAL TABLE messages_fts USING fts5(
        text, content='messages', content_rowid='seq', tokenize='porter unicode61 remove_diacritics 2'
      );
      INSERT INTO messages_fts (messages_fts, rank) VALUES ('secure-delete', 1);
    `);
  },
};
