import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEncrypted } from '../../../src-main/db/open.ts';
import { Bench, codeOf, until } from './knowledge.helper.ts';

const CANARY = 'xylocanaryquux';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.dispose());

function pages(count: number): void {
  for (let n = 0; n < count; n += 1) {
    bench.write(`f${n}.md`, `# Page ${n}\n\nA common sparrow.\n`);
  }
}

function shard(): string {
  return join(bench.indexDir, 'shard-0.db');
}

function indexKey(): Buffer {
  const key = bench.db
    .prepare<[string], Buffer>('SELECT value FROM kv WHERE key = ?')
    .pluck()
    .get('knowledge.index-key');
  if (!key) throw new Error('the index has no key');
  return key;
}

/** The index without its encryption: every page, free ones too. */
function decrypted(): Buffer {
  const copy = join(bench.root, 'copy.db');
  for (const end of ['', '-wal']) {
    rmSync(copy + end, { force: true });
    if (existsSync(shard() + end)) copyFileSync(shard() + end, copy + end);
  }
  const db = openEncrypted(copy, indexKey());
  db.pragma('journal_mode=DELETE');
  db.pragma("rekey=''");
  db.close();
  return readFileSync(copy);
}

function flipBits(): void {
  const { size } = statSync(shard());
  const file = openSync(shard(), 'r+');
  for (let at = 4096 + 100; at < size; at += 4096) writeSync(file, Buffer.from('damage'), 0, 6, at);
  closeSync(file);
}

async function indexHealth(): Promise<string | undefined> {
  const checks = await bench.service.checks();
  return checks.find((check) => check.id === 'knowledge.index')?.state;
}

test('the words of a document are nowhere in plain, and gone when the collection is', async () => {
  bench.write('a/secret.md', `# Secret\n\nThe word is ${CANARY}.\n`);
  bench.write('b/other.md', 'A heron stays.\n');
  await bench.service.add({ collection: 'A', paths: [join(bench.docs, 'a')] });
  await bench.service.add({ collection: 'B', paths: [join(bench.docs, 'b')] });
  expect(await bench.found(CANARY)).toEqual(['secret.md']);
  for (const file of readdirSync(bench.data, { recursive: true, encoding: 'utf8' })) {
    const path = join(bench.data, file);
    if (statSync(path).isFile()) expect(readFileSync(path).includes(CANARY), file).toBe(false);
  }
  expect(decrypted().includes(CANARY)).toBe(true);
  expect(await bench.service.remove('A')).toEqual({ files: 1 });
  expect(statSync(`${shard()}-wal`).size).toBe(0);
  expect(decrypted().includes(CANARY)).toBe(false);
  expect(await bench.found('heron')).toEqual(['other.md']);
});

test('the words of a deleted file are gone after the next look', async () => {
  pages(120);
  const secret = bench.write('secret.md', `The word is ${CANARY}.\n`);
  await bench.service.add({ collection: 'A', paths: [bench.docs] });
  rmSync(secret);
  await bench.service.reindex({ collection: 'A', rebuild: false });
  expect(decrypted().includes(CANARY)).toBe(false);
  expect((await bench.found('sparrow')).length).toBe(20);
});

test('an indexer that is killed in the middle is started again and finishes', async () => {
  pages(400);
  let killed = false;
  const summary = await bench.service.add(
    { collection: 'A', paths: [bench.docs] },
    {
      emit: async (event) => {
        if (killed || event.type !== 'file') return;
        killed = true;
        bench.threads.at(-1)?.kill();
      },
    },
  );
  expect(killed).toBe(true);
  expect(bench.threads.length).toBeGreaterThan(1);
  expect(summary.files).toMatchObject({ total: 400, failed: [] });
  expect(bench.service.collections()).toMatchObject([{ files: 400, chunks: 400, state: 'ready' }]);
});

test('a file that ends the indexer twice is set aside, and the rest is indexed', async () => {
  for (const name of ['a', 'b', 'c']) bench.write(`${name}.md`, `The ${name} sparrow.\n`);
  // Large enough that the thread is still at it when it is ended.
  bench.write('b.md', 'Some words of a sparrow that fill the lines.\n'.repeat(200_000));
  let kills = 0;
  bench.onThread = (thread) =>
    thread.onMessage((message) => {
      const progress = message.t === 'progress' ? (message.progress as { index?: number }) : {};
      if (progress.index !== 1 || kills === 2) return;
      kills += 1;
      thread.kill();
    });
  const summary = await bench.service.add({ collection: 'A', paths: [bench.docs] });
  expect(kills).toBe(2);
  expect(summary.files).toMatchObject({ total: 3, indexed: 2 });
  expect(summary.files.failed).toMatchObject([{ path: 'b.md', code: 'knowledge/ended-worker' }]);
  expect((await bench.found('sparrow')).toSorted()).toEqual(['a.md', 'c.md']);
});

test('an engine that ends in the middle goes on at its next start', async () => {
  pages(600);
  let seen = 0;
  let stopNow = (): void => undefined;
  const reached = new Promise<void>((resolve) => (stopNow = resolve));
  const run = bench.service.add(
    { collection: 'A', paths: [bench.docs] },
    {
      emit: async (event) => {
        if (event.type === 'file' && (seen += 1) === 50) stopNow();
      },
    },
  );
  const code = codeOf(run);
  await reached;
  await bench.restart();
  expect(['knowledge/cancelled', 'worker/cancelled']).toContain(await code);
  await until(() => bench.service.collections()[0]?.state === 'ready');
  expect(bench.service.collections()).toMatchObject([{ files: 600, chunks: 600 }]);
});

test('a damaged index says so everywhere until it is built anew', async () => {
  pages(60);
  await bench.service.add({ collection: 'A', paths: [bench.docs] });
  bench.write('b/other.md', 'A heron stays.\n');
  await bench.service.add({ collection: 'B', paths: [join(bench.docs, 'b')] });
  expect(await indexHealth()).toBe('ok');
  await bench.restart(flipBits);
  expect(await codeOf(bench.service.search({ query: 'sparrow', k: 5 }))).toBe(
    'knowledge/index-damaged',
  );
  expect(bench.service.collections().map((collection) => collection.state)).toEqual([
    'failed',
    'failed',
  ]);
  expect(await indexHealth()).toBe('fail');
  expect(await codeOf(bench.service.add({ collection: 'A', paths: [bench.docs] }))).toBe(
    'knowledge/index-damaged',
  );
  await bench.service.reindex({ collection: 'A', rebuild: false });
  await until(() => bench.service.collections().every(({ state }) => state === 'ready'));
  expect((await bench.found('sparrow')).length).toBe(20);
  expect(await bench.found('heron', ['B'])).toEqual(['other.md']);
  expect(await indexHealth()).toBe('ok');
});

test('damage that a query meets first is said, not taken for no result', async () => {
  pages(300);
  await bench.service.add({ collection: 'A', paths: [bench.docs] });
  await bench.restart(() => {
    const { size } = statSync(shard());
    const file = openSync(shard(), 'r+');
    // The pages of the schema and of the lists stay whole.
    for (let at = 16 * 4096; at < size; at += 4096)
      writeSync(file, Buffer.from('damage'), 0, 6, at);
    closeSync(file);
  });
  expect(await codeOf(bench.service.search({ query: 'sparrow', k: 5 }))).toBe(
    'knowledge/index-damaged',
  );
  expect(bench.service.collections()[0]?.state).toBe('failed');
});

test('an index that is missing, of another key or of another format is never an empty success', async () => {
  pages(3);
  await bench.service.add({ collection: 'A', paths: [bench.docs] });
  const forget = (): void => {
    for (const end of ['', '-wal', '-shm']) rmSync(shard() + end, { force: true });
  };
  await bench.restart(forget);
  await until(() => bench.service.collections()[0]?.state === 'ready');
  expect((await bench.found('sparrow')).length).toBe(3);

  await bench.restart(() => {
    const db = openEncrypted(shard(), Buffer.from(keyOfStore()));
    db.pragma('user_version=999');
    db.close();
  });
  await until(() => bench.service.collections()[0]?.state === 'ready');
  expect((await bench.found('sparrow')).length).toBe(3);

  await bench.restart(() => {
    forget();
    writeFileSync(shard(), 'SQLite format 3\0 and nothing more');
  });
  expect(bench.service.collections()[0]?.state).toBe('failed');
  expect(await codeOf(bench.service.search({ query: 'sparrow', k: 5 }))).toBe(
    'knowledge/index-damaged',
  );
});

/** The key while the store is closed. */
function keyOfStore(): Buffer {
  const db = openEncrypted(join(bench.data, 'store.db'), Buffer.alloc(32, 7));
  try {
    const key = db
      .prepare<[], Buffer>(`SELECT value FROM kv WHERE key = 'knowledge.index-key'`)
      .pluck()
      .get();
    if (!key) throw new Error('the index has no key');
    return key;
  } finally {
    db.close();
  }
}
