import { randomBytes } from 'node:crypto';
import type { Output } from '../../../src-contract/index.ts';
import type { EncryptedDb } from '../../db/open.ts';

/** Around each found word of a snippet. */
const MARK_BEGIN = '\u{E000}';
const MARK_END = '\u{E001}';
/** Words of a snippet. */
const SNIPPET_TOKENS = 24;
/** A "word" can be a megabyte of base64. */
const MAX_SNIPPET_CHARS = 400;
/** Words of a query that are looked for: the cost grows with each. */
const MAX_TERMS = 32;
/** So many of the newest matches are ranked: ranking reads each message's length. */
const MAX_RANKED = 2_000;
/**
 * A word that stands in more messages says nothing about any of them, and weighing it costs a look
 * at all of them.
 */
const TELLING_BELOW = 10_000;

export type HistoryHit = Output<'chat.search'>['hits'][number];

interface Row {
  readonly seq: number;
  readonly messageId: string;
  readonly conversationId: string;
  readonly title: string;
  readonly role: 'user' | 'assistant';
  readonly createdAt: number;
}

/**
 * Searches all messages, best first. Every word must be found (words in quotes as a phrase); where
 * no message has them all, messages with any of the telling ones are given. Where there is nothing
 * to weigh (a phrase alone, words that stand nearly everywhere) the newest come first.
 */
export function searchHistory(db: EncryptedDb, query: string, limit: number): HistoryHit[] {
  const terms = toTerms(query);
  if (terms.length === 0) return [];
  const telling = terms.filter((term) => isPhrase(term) || isTelling(db, term));
  const onePhrase = terms.length === 1 && terms.some(isPhrase);
  const all = find(db, terms.join(' AND '), limit, telling.length > 0 && !onePhrase);
  if (all.length > 0 || terms.length === 1) return all;
  const any = telling.length > 0 ? telling : terms;
  return find(db, any.join(' OR '), limit, telling.length > 0);
}

function isPhrase(term: string): boolean {
  return term.includes(' ');
}

function isTelling(db: EncryptedDb, word: string): boolean {
  const matches = db
    .prepare<unknown[], { n: number }>(
      `SELECT count(*) AS n FROM (
         SELECT rowid FROM messages_fts WHERE messages_fts MATCH ? LIMIT ${TELLING_BELOW})`,
    )
    .get(word);
  return (matches?.n ?? 0) < TELLING_BELOW;
}

/** Each term quoted, so that nothing in it is taken for an operator of the query language. */
function toTerms(query: string): string[] {
  // A zero character ends the expression for SQLite, in the middle of a quotation.
  const words = query.replaceAll('\0', ' ').match(/"[^"]+"|[^\s"]+/g) ?? [];
  return words
    .map((word) => word.replaceAll('"', ' ').trim())
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, MAX_TERMS)
    .map((word) => `"${word}"`);
}

function find(db: EncryptedDb, match: string, limit: number, weighed: boolean): HistoryHit[] {
  // What is deleted but not erased yet is left out while the index is read, so that it takes no places.
  const rows = db
    .prepare<unknown[], Row>(
      `WITH newest AS MATERIALIZED (
         SELECT rowid AS seq, ${weighed ? 'bm25(messages_fts)' : '0'} AS score FROM messages_fts
         WHERE messages_fts MATCH ? AND rowid NOT IN (
           SELECT m.seq FROM conversations c CROSS JOIN messages m ON m.conversation_id = c.id
           WHERE c.deleted_at IS NOT NULL)
         ORDER BY rowid DESC LIMIT ?
       ), best AS MATERIALIZED (SELECT * FROM newest ORDER BY score, seq DESC LIMIT ?)
       SELECT m.seq, m.id AS messageId, c.id AS conversationId, c.title, m.role, m.created_at AS createdAt
       FROM best CROSS JOIN messages m ON m.seq = best.seq
       CROSS JOIN conversations c ON c.id = m.conversation_id
       ORDER BY best.score, best.seq DESC`,
    )
    .all(match, weighed ? MAX_RANKED : limit, limit);
  return withSnippets(db, match, rows);
}

function withSnippets(db: EncryptedDb, match: string, rows: readonly Row[]): HistoryHit[] {
  // Marks that no text can hold: a text with U+E000 of its own would else mark what was not found.
  const nonce = randomBytes(9).toString('base64url');
  const begin = `\u0001${nonce}`;
  const end = `\u0002${nonce}`;
  // Numbers are bound as reals, and FTS5 silently drops a row id that is not an integer: hence the cast.
  const statement = db.prepare<unknown[], { snippet: string }>(
    `SELECT snippet(messages_fts, 0, ?, ?, '…', ${SNIPPET_TOKENS}) AS snippet
     FROM messages_fts WHERE messages_fts MATCH ? AND rowid = CAST(? AS INTEGER)`,
  );
  return rows.map(({ seq, ...hit }) => {
    const raw = statement.get(begin, end, match, seq)?.snippet ?? '';
    const marked = raw
      .replaceAll(/[\u{E000}\u{E001}]/gu, '')
      .replaceAll(begin, MARK_BEGIN)
      .replaceAll(end, MARK_END);
    return { ...hit, snippet: shorten(marked) };
  });
}

/** Cuts an overlong snippet around its first mark and leaves no mark open. */
function shorten(snippet: string): string {
  if (snippet.length <= MAX_SNIPPET_CHARS) return snippet;
  const from = Math.max(0, snippet.indexOf(MARK_BEGIN) - MAX_SNIPPET_CHARS / 4);
  const piece = snippet.slice(from, from + MAX_SNIPPET_CHARS);
  const open = piece.lastIndexOf(MARK_BEGIN) > piece.lastIndexOf(MARK_END);
  return `${from > 0 ? '…' : ''}${piece}${open ? MARK_END : ''}…`.toWellFormed();
}
