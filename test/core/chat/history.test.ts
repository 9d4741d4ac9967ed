import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openMigrated } from '../../../src-main/db/migrate.ts';
import { migrations } from '../../../src-main/db/migrations/index.ts';
import type { EncryptedDb } from '../../../src-main/db/open.ts';
import { makeChat, passage, scratchStore, send, type Chat } from './setup.ts';

let scratch: ReturnType<typeof scratchStore>;
let db: EncryptedDb;
let chat: Chat;
beforeEach(() => {
  scratch = scratchStore();
  db = scratch.open();
  chat = makeChat(db, { passages: [passage({ text: 'The kestrel eats voles.' })] });
});
afterEach(() => {
  db.close();
  scratch.remove();
});

/** Asks Library reader, which quotes the passage where the question has its words. */
async function ask(text: string): Promise<string> {
  return (await send(chat, { text })).started.conversationId;
}

function found(query: string): string[] {
  return chat.service.search(query, 20).hits.map(({ snippet }) => snippet);
}

describe('search', () => {
  test('finds questions and answers by their words, with marks around them', async () => {
    const id = await ask('What do kestrels eat?');
    await ask('Something about owls');
    const { hits, ms } = chat.service.search('kestrel', 20);
    expect(ms).toBeGreaterThan(0);
    expect(hits.map(({ role }) => role).toSorted()).toEqual(['assistant', 'user']);
    const question = hits.find(({ role }) => role === 'user');
    expect(question).toMatchObject({
      conversationId: id,
      title: 'What do kestrels eat?',
      snippet: 'What do \u{E000}kestrels\u{E001} eat?',
    });
  });

  test('wants all words, then any; quotes make a phrase', async () => {
    await ask('red green');
    await ask('green red blue');
    expect(found('green red')).toHaveLength(2);
    expect(found('"green red"')).toEqual(['\u{E000}green red\u{E001} blue']);
    expect(found('red blue')).toHaveLength(1);
    expect(found('blue yellow')).toHaveLength(1);
    expect(found('yellow')).toEqual([]);
  });

  test.each([
    '"',
    '""',
    '*',
    'zero\0character',
    '-',
    'AND',
    'b OR',
    'NEAR(',
    'text:x',
    "'; DROP TABLE",
    '^',
    '\u{E000}',
    '((',
  ])('takes %s for text, not for a query language', async (query) => {
    await ask('harmless');
    expect(found(query).filter((one) => one.includes('harmless'))).toEqual([]);
    expect(found('harmless')).toHaveLength(1);
  });

  test('marks nothing but what was found, and keeps snippets short', async () => {
    await ask('fake \u{E000}mark\u{E001} and true');
    expect(found('true')).toEqual(['fake mark and \u{E000}true\u{E001}']);
    await ask(`needle ${'x'.repeat(5_000)} needle`);
    const [snippet] = found('needle');
    expect(snippet?.length).toBeLessThan(410);
    expect(snippet?.split('\u{E000}')).toHaveLength(snippet?.split('\u{E001}').length ?? 0);
  });

  test('ranks the better match first and respects its limit', async () => {
    await ask(`falcon ${'and other words '.repeat(30)}`);
    await ask('falcon falcon');
    await ask(`${'yet more words '.repeat(30)} falcon`);
    expect(found('falcon')[0]).toContain('\u{E000}falcon\u{E001} \u{E000}falcon');
    expect(chat.service.search('falcon', 2).hits).toHaveLength(2);
  });
});

describe('the list', () => {
  test('is newest first, in pages', async () => {
    const ids = [await ask('one'), await ask('two'), await ask('three')];
    db.prepare('UPDATE conversations SET updated_at = updated_at + ? WHERE id = ?').run(
      60_000,
      ids[1],
    );
    db.prepare('UPDATE conversations SET updated_at = updated_at + ? WHERE id = ?').run(
      120_000,
      ids[0],
    );
    const first = chat.service.conversations(2);
    expect(first.total).toBe(3);
    expect(first.conversations.map(({ title }) => title)).toEqual(['one', 'two']);
    const next = chat.service.conversations(2, first.conversations[1]?.updatedAt);
    expect(next.conversations.map(({ title }) => title)).toEqual(['three']);
  });

  test('shows new titles', async () => {
    const id = await ask('one');
    chat.service.rename(id, 'Another');
    expect(chat.service.conversations(1).conversations[0]?.title).toBe('Another');
    expect(() => chat.service.rename('nowhere', 'x')).toThrow(/not exist/);
  });
});

/** All bytes of the store, decrypted, free pages too. */
function plainBytes(): string {
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  const copy = `${scratch.file}.plain`;
  copyFileSync(scratch.file, copy);
  const plain = new Database(copy);
  plain.pragma("cipher='sqlcipher'");
  plain.pragma('legacy=4');
  plain.pragma(`key="x'${scratch.key.toString('hex')}'"`);
  plain.pragma("rekey=''");
  plain.close();
  const bytes = readFileSync(copy, 'latin1');
  rmSync(copy);
  db = scratch.open();
  chat = makeChat(db);
  return bytes;
}

describe('deleting', () => {
  test('hides at once, can be undone, and is final with the engine', async () => {
    const id = await ask('zanzibar is a word');
    chat.service.delete(id);
    expect(found('zanzibar')).toEqual([]);
    expect(chat.service.conversations(9)).toEqual({ conversations: [], total: 0 });
    expect(() => chat.service.conversation(id)).toThrow(/not exist/);
    expect(() => chat.service.delete(id)).toThrow(/not exist/);
    expect((await send(chat, { text: 'x', conversationId: id })).error?.code).toBe(
      'chat/unknown-conversation',
    );
    chat.service.restore(id);
    expect(found('zanzibar')).toHaveLength(1);
    expect(() => chat.service.restore(id)).toThrow(/not exist/);
    chat.service.delete(id);
    await chat.service.close();
    expect(() => chat.service.restore(id)).toThrow(/not exist/);
  });

  test('leaves no word behind, wherever it stood', async () => {
    const kept = await ask('quagga stays here');
    // Long enough for overflow pages, and a title, a quotation and citations of its own.
    const doomed = await ask(`What do kestrels eat? ${'xylophone '.repeat(3_000)}`);
    chat.service.rename(doomed, 'marimba title');
    db.prepare('INSERT INTO answer_parts SELECT id, 0, ? FROM messages LIMIT 1').run(
      'glockenspiel',
    );
    const words = ['xylophon', 'kestrel', 'voles', 'marimba', 'glockenspiel', 'quagga'];
    const before = plainBytes();
    expect(words.filter((word) => !before.includes(word))).toEqual([]);
    db.prepare('DELETE FROM answer_parts').run();
    chat.service.delete(doomed);
    // As after a crash: the next start erases.
    chat.service.start();
    const after = plainBytes();
    expect(words.filter((word) => after.includes(word))).toEqual(['quagga']);
    expect(chat.service.conversations(9).conversations.map(({ id }) => id)).toEqual([kept]);
    expect(found('quagga')).toHaveLength(1);
    db.prepare("INSERT INTO messages_fts (messages_fts, rank) VALUES ('integrity-check', 1)").run();
  });
});

test('the store of each earlier schema is brought up to date', () => {
  for (const count of [1, 2]) {
    const other = scratchStore();
    try {
      openMigrated(other.file, other.key, migrations.slice(0, count), other.dir).close();
      const now = other.open();
      expect(now.prepare('SELECT count(*) AS n FROM conversations').get()).toEqual({ n: 0 });
      expect(now.prepare('SELECT count(*) AS n FROM providers').get()).toEqual({ n: 0 });
      now.close();
    } finally {
      other.remove();
    }
  }
});
