import type { EncryptedDb } from '../../db/open.ts';
import { addToIndex } from './fts-index.ts';

/**
 * Puts the store in order after an engine that ended in the middle: answers that were being written
 * become `truncated` with the text so far, and what is not in the index yet goes in. One transaction.
 * @returns how many answers were found unfinished
 */
export function recover(db: EncryptedDb): number {
  return db.transaction(() => {
    const { changes } = db
      .prepare(
        `UPDATE messages SET status = 'truncated', text = text || coalesce((
           SELECT group_concat(text, '' ORDER BY part) FROM answer_parts WHERE message_id = messages.id
         ), '') WHERE status = 'streaming'`,
      )
      .run();
    if (changes === 0) return 0;
    db.exec('DELETE FROM answer_parts');
    const missing = db
      .prepare<[], { seq: number; text: string }>(
        `UPDATE messages SET indexed = 1
         WHERE indexed = 0 AND status = 'truncated' AND text <> '' RETURNING seq, text`,
      )
      .all();
    for (const { seq, text } of missing) addToIndex(db, seq, text);
    return changes;
  })();
}

/**
 * Erases deleted conversations for good: rows, index entries and, through `secure_delete` and a
 * truncated WAL, the pages that held them.
 * @returns how many conversations were erased
 */
export function erase(db: EncryptedDb): number {
  const erased = db.transaction(() => {
    const doomed = db
      .prepare<[], { id: string }>('SELECT id FROM conversations WHERE deleted_at IS NOT NULL')
      .all();
    for (const { id } of doomed) eraseOne(db, id);
    return doomed.length;
  })();
  if (erased > 0) db.pragma('wal_checkpoint(TRUNCATE)');
  return erased;
}

function eraseOne(db: EncryptedDb, id: string): void {
  // An external-content index takes an entry out only when given the text that was put in.
  db.prepare(
    `INSERT INTO messages_fts (messages_fts, rowid, text)
     SELECT 'delete', seq, text FROM messages WHERE conversation_id = ? AND indexed = 1`,
  ).run(id);
  db.prepare(
    'DELETE FROM answer_parts WHERE message_id IN (SELECT id FROM messages WHERE conversation_id = ?)',
  ).run(id);
  db.prepare('DELETE FROM messages WHERE conversation_id = ?').run(id);
  db.prepare('DELETE FROM conversations WHERE id = ?').run(id);
}
