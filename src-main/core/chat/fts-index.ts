import type { EncryptedDb } from '../../db/open.ts';

/** Puts a row's text into the full-text index; the row must say so in `indexed`. */
export function addToIndex(db: EncryptedDb, seq: number | bigint, text: string): void {
  db.prepare('INSERT INTO messages_fts (rowid, text) VALUES (?, ?)').run(seq, text);
}
