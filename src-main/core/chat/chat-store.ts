import type { ErrorShape } from '../../../src-contract/app-error.ts';
import type { Message, Used } from '../../../src-contract/chat.ts';
import type { Citation } from '../../../src-contract/common.ts';
import type { EncryptedDb } from '../../db/open.ts';
import { addToIndex } from './fts-index.ts';
import { searchHistory, type HistoryHit } from './history-search.ts';
import { erase, recover } from './housekeeping.ts';
import {
  toConversation,
  toMessage,
  type ConversationRow,
  type MessageRow,
  type StoredConversation,
} from './rows.ts';
import type { TreeNode } from './tree.ts';

/** What stands in the store before anything leaves the machine. */
export interface Beginning {
  readonly conversation: StoredConversation;
  /** Null where an answer is regenerated: its question is already there. */
  readonly question: {
    readonly id: string;
    readonly parentId: string | null;
    readonly text: string;
  } | null;
  readonly answer: { readonly id: string; readonly parentId: string };
  readonly at: number;
}

/** A piece of an answer that is being written. */
export interface Part {
  readonly messageId: string;
  readonly part: number;
  readonly text: string;
  /** Where they were not written yet. */
  readonly citations: readonly Citation[] | null;
}

export interface Ending {
  readonly conversationId: string;
  readonly messageId: string;
  readonly status: Exclude<Message['status'], 'streaming'>;
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly used: Used;
  readonly error: ErrorShape | null;
  readonly at: number;
}

const MESSAGE_COLUMNS = 'id, parent_id, role, status, text, created_at, citations, used, error';
const CONVERSATION_COLUMNS =
  'id, title, created_at, updated_at, leaf_id, route, agent, collections';

/** Conversations and messages in the store. Each method that writes is one transaction. */
export class ChatStore {
  readonly #db: EncryptedDb;

  constructor(db: EncryptedDb) {
    this.#db = db;
    // Erased text must not stay in free pages; checked, because a misspelt pragma is silently ignored.
    db.pragma('secure_delete=ON');
    if (db.pragma('secure_delete', { simple: true }) !== 1) throw new Error('secure_delete is off');
  }

  /** Stores a question (where there is one) with its answer still to be written, and makes that the shown branch. */
  begin({ conversation, question, answer, at }: Beginning): void {
    const db = this.#db;
    db.transaction(() => {
      db.prepare(
        `INSERT INTO conversations (id, title, created_at, updated_at, leaf_id, route, agent, collections)
         VALUES (@id, @title, @createdAt, @updatedAt, @leafId, @route, @agent, @collections)
         ON CONFLICT (id) DO UPDATE SET
           updated_at = excluded.updated_at, leaf_id = excluded.leaf_id, route = excluded.route,
           agent = excluded.agent, collections = excluded.collections`,
      ).run({
        ...conversation,
        updatedAt: at,
        leafId: answer.id,
        collections: JSON.stringify(conversation.collections),
      });
      const insert = db.prepare<
        [string, string, string | null, string, string, string, number, number]
      >(
        `INSERT INTO messages (id, conversation_id, parent_id, role, status, text, created_at, indexed)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      );
      if (question) {
        const { lastInsertRowid: seq } = insert.run(
          ...([question.id, conversation.id, question.parentId] as const),
          ...(['user', 'complete', question.text, at, 1] as const),
        );
        addToIndex(db, seq, question.text);
      }
      insert.run(answer.id, conversation.id, answer.parentId, 'assistant', 'streaming', '', at, 0);
    })();
  }

  /** Adds what all running answers got since the last time, in one transaction. */
  flush(parts: readonly Part[]): void {
    const db = this.#db;
    const insert = db.prepare('INSERT INTO answer_parts (message_id, part, text) VALUES (?, ?, ?)');
    const cite = db.prepare('UPDATE messages SET citations = ? WHERE id = ?');
    db.transaction(() => {
      for (const { messageId, part, text, citations } of parts) {
        insert.run(messageId, part, text);
        if (citations) cite.run(JSON.stringify(citations), messageId);
      }
    })();
  }

  /** Writes an answer's final state. */
  finish(ending: Ending): void {
    const db = this.#db;
    const { messageId, text } = ending;
    db.transaction(() => {
      const row = db
        .prepare<unknown[], { seq: number }>(
          `UPDATE messages
           SET status = ?, text = ?, citations = ?, used = ?, error = ?, indexed = ?
           WHERE id = ? RETURNING seq`,
        )
        .get(
          ...([ending.status, text, JSON.stringify(ending.citations)] as const),
          ...([JSON.stringify(ending.used), ending.error && JSON.stringify(ending.error)] as const),
          ...([text ? 1 : 0, messageId] as const),
        );
      db.prepare('DELETE FROM answer_parts WHERE message_id = ?').run(messageId);
      db.prepare('UPDATE conversations SET updated_at = ? WHERE id = ?').run(
        ending.at,
        ending.conversationId,
      );
      if (row && text) addToIndex(db, row.seq, text);
    })();
  }

  /** Newest first, those changed before `before` where it is given. */
  list(limit: number, before?: number): StoredConversation[] {
    return this.#db
      .prepare<[number, number], ConversationRow>(
        `SELECT ${CONVERSATION_COLUMNS} FROM conversations
         WHERE deleted_at IS NULL AND updated_at < ? ORDER BY updated_at DESC, id DESC LIMIT ?`,
      )
      .all(before ?? Number.MAX_SAFE_INTEGER, limit)
      .map(toConversation);
  }

  count(): number {
    const row = this.#db
      .prepare<[], { n: number }>(
        'SELECT count(*) AS n FROM conversations WHERE deleted_at IS NULL',
      )
      .get();
    return row?.n ?? 0;
  }

  /** Null where there is none, or it is deleted. */
  conversation(id: string): StoredConversation | null {
    const row = this.#db
      .prepare<[string], ConversationRow>(
        `SELECT ${CONVERSATION_COLUMNS} FROM conversations WHERE id = ? AND deleted_at IS NULL`,
      )
      .get(id);
    return row ? toConversation(row) : null;
  }

  /** All branches, in the order in which they were written. */
  messages(conversationId: string): Message[] {
    return this.#db
      .prepare<[string], MessageRow>(
        `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE conversation_id = ? ORDER BY seq`,
      )
      .all(conversationId)
      .map(toMessage);
  }

  message(conversationId: string, id: string): Message | null {
    const row = this.#db
      .prepare<[string, string], MessageRow>(
        `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE id = ? AND conversation_id = ?`,
      )
      .get(id, conversationId);
    return row ? toMessage(row) : null;
  }

  /** The branch that ends with `id`, oldest first: its newest messages of together at most `maxChars` characters. */
  branch(conversationId: string, id: string | null, maxChars: number): Message[] {
    const branch: Message[] = [];
    let room = maxChars;
    for (let next = id; next !== null;) {
      const message = this.message(conversationId, next);
      room -= message?.text.length ?? 0;
      if (!message || room < 0) break;
      branch.push(message);
      next = message.parentId;
    }
    return branch.toReversed();
  }

  tree(conversationId: string): TreeNode[] {
    const sql =
      'SELECT id, parent_id AS parentId FROM messages WHERE conversation_id = ? ORDER BY seq';
    return this.#db.prepare<[string], TreeNode>(sql).all(conversationId);
  }

  selectLeaf(id: string, leafId: string): void {
    this.#db.prepare('UPDATE conversations SET leaf_id = ? WHERE id = ?').run(leafId, id);
  }

  /** False where there is none. So for the two below. */
  rename(id: string, title: string): boolean {
    const sql = 'UPDATE conversations SET title = ? WHERE id = ? AND deleted_at IS NULL';
    return this.#db.prepare(sql).run(title, id).changes > 0;
  }

  /** Hides a conversation; `erase` makes it final. */
  delete(id: string, at: number): boolean {
    const sql = 'UPDATE conversations SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL';
    return this.#db.prepare(sql).run(at, id).changes > 0;
  }

  restore(id: string): boolean {
    const sql =
      'UPDATE conversations SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL';
    return this.#db.prepare(sql).run(id).changes > 0;
  }

  /** Best first; see `searchHistory`. */
  search(query: string, limit: number): HistoryHit[] {
    return searchHistory(this.#db, query, limit);
  }

  /** Answers that a crash left unfinished become `truncated`; gives their number. */
  recover(): number {
    return recover(this.#db);
  }

  /** Erases what is deleted for good; gives the number of conversations. */
  erase(): number {
    return erase(this.#db);
  }
}
