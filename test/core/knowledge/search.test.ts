import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SearchResult } from '../../../src-contract/knowledge.ts';
import { stemOf, Wanted } from '../../../src-main/core/knowledge/text/marks.ts';
import { searchTerms } from '../../../src-main/core/knowledge/text/query.ts';
import { indexable } from '../../../src-main/core/knowledge/text/words.ts';
import { bestWindow, nearby } from '../../../src-main/core/knowledge/text/window.ts';
import { Bench, codeOf } from './knowledge.helper.ts';

let bench: Bench;
const LONG = Array.from({ length: 200 }, (_, n) => `Line ${n + 1} is filler about nothing.`);
LONG[149] = 'Here the elusive pangolins are counted.';
LONG[150] = 'Counting pangolins takes patience.';

beforeAll(async () => {
  bench = new Bench();
  bench.write('guide.md', '# Guide\n\n## Backups\n\nA backup is made each night.\n');
  bench.write('deploying to production.md', 'Nothing about it here.\n');
  bench.write('noise.md', 'Deploying deploying deploying. Production, production, production!\n');
  bench.write('long.txt', LONG.join('\n'));
  bench.write(
    'src/server.ts',
    'export function createHttpServer(port: number) {\n  return listen(port);\n}\n',
  );
  bench.write('src/prose.md', 'We create a server over http, and then we serve.\n');
  bench.write('src/keys.md', 'Set resolve.preserveSymlinks to keep links.\n');
  bench.write('src/other.md', 'To resolve symlinks we preserve, resolve and preserve symlinks.\n');
  bench.write('words.md', 'to be or not to be\n');
  bench.write('accents.md', 'Der Café-Besitzer heißt Müller.\n');
  bench.write('日本.md', '東京タワーの高さは三百三十三メートルです。\n');
  await bench.service.add({ collection: 'Docs', paths: [bench.docs] });
});
afterAll(() => bench.dispose());

const best = async (query: string): Promise<SearchResult | undefined> =>
  (await bench.service.search({ query, k: 5 })).results[0];
const marked = (result: SearchResult | undefined): string[] =>
  result?.marks.map(([start, end]) => result.text.slice(start, end)) ?? [];

describe('ranking', () => {
  test('a title that is the query comes first', async () => {
    expect((await best('deploying to production'))?.path).toBe('deploying to production.md');
  });

  test('headings find their section, and lines are exact', async () => {
    expect(await best('backups')).toMatchObject({
      rank: 1,
      collection: 'Docs',
      path: 'guide.md',
      title: 'Guide › Backups',
      page: null,
      startLine: 3,
      endLine: 5,
      text: '## Backups\n\nA backup is made each night.',
    });
  });

  test('identifiers are found whole, by their parts, and to the letter first', async () => {
    expect((await best('createHttpServer'))?.path).toBe('src/server.ts');
    expect(await bench.found('http server')).toContain('src/server.ts');
    expect((await best('resolve.preserveSymlinks'))?.path).toBe('src/keys.md');
  });

  test('a query of stop words only is searched for as it is', async () => {
    expect((await best('to be or not to be'))?.path).toBe('words.md');
  });

  test('accents, case and endings do not matter, other scripts are found', async () => {
    expect((await best('cafe mueller muller'))?.path).toBe('accents.md');
    expect(marked(await best('CAFÉ'))).toEqual(['Café']);
    expect((await best('東京タワー'))?.path).toBe('日本.md');
    expect(marked(await best('高さ'))).toEqual(['高さ']);
  });

  test('scores fall, ranks rise, k bounds, nothing found is empty', async () => {
    const { results, files } = await bench.service.search({
      query: 'production server line',
      k: 4,
    });
    expect(results.map((result) => result.rank)).toEqual(results.map((_, n) => n + 1));
    const scores = results.map((result) => result.score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(results.length).toBeLessThanOrEqual(4);
    expect(files).toBeGreaterThan(1);
    expect(await bench.service.search({ query: 'zzzunknown', k: 4 })).toMatchObject({
      files: 0,
      results: [],
    });
  });

  test('unknown collections and modes are refused', async () => {
    const search = (more: object): Promise<unknown> =>
      bench.service.search({ query: 'backup', k: 5, ...more });
    expect(await codeOf(search({ collections: ['nope'] }))).toBe('knowledge/unknown-collection');
    expect(await codeOf(search({ mode: 'hybrid' }))).toBe('knowledge/mode-unavailable');
    expect(await codeOf(search({ mode: 'vector' }))).toBe('knowledge/mode-unavailable');
  });

  test.each([
    '"',
    '""',
    'NEAR(a b)',
    'NEAR/2',
    'a* OR b*',
    'path:x',
    '{path} : x',
    '^start',
    'AND',
    'NOT NOT',
    ') OR (',
    "'; DROP TABLE files; --",
    '🦦',
    '🦦 otter 👩‍👩‍👧',
    '\u0000\u0001',
    '\uD800',
    'e\u0301\u0301\u0301',
    '١٢٣',
    'a'.repeat(1_000),
    'word '.repeat(200),
    'aB'.repeat(400),
    '\u0301',
  ])('a hostile query never throws: %j', async (query) => {
    const { results } = await bench.service.search({ query, k: 5 });
    expect(Array.isArray(results)).toBe(true);
  });

  test('any query gives an expression that FTS5 takes', () => {
    const db = new Database(':memory:');
    db.exec('CREATE VIRTUAL TABLE t USING fts5(path, title, body, sym)');
    const find = db.prepare('SELECT count(*) FROM t WHERE t MATCH ?');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (query) => {
        const terms = searchTerms(query);
        if (!terms) return;
        find.get(terms.any);
        if (terms.phrase) find.get(`{path title} : ${terms.phrase}`);
      }),
      { numRuns: 500 },
    );
    db.close();
  });
});

describe('passages', () => {
  test('a long passage is cut to whole lines around what was found', async () => {
    const result = await best('counting pangolins');
    expect(result?.path).toBe('long.txt');
    if (!result) return;
    expect(result.startLine).toBeLessThanOrEqual(150);
    expect(result.endLine).toBeGreaterThanOrEqual(151);
    expect(result.endLine - result.startLine).toBeLessThan(30);
    expect(result.text).toBe(LONG.slice(result.startLine - 1, result.endLine).join('\n'));
    expect(marked(result)).toEqual(['pangolins', 'counted', 'Counting', 'pangolins']);
  });

  test('any window is whole lines of its range with marks inside', () => {
    const wanted = new Wanted(['otter']);
    const line = fc.oneof(
      fc.constantFrom('', 'an otter', 'x'.repeat(900), `${'y'.repeat(5_000)} otter`),
      fc.string({ maxLength: 60 }).map((value) => value.replaceAll(/[\r\n]/g, ' ')),
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 120 }), (lines) => {
        const shown = bestWindow(lines, { startLine: 1, endLine: lines.length }, wanted);
        if (!shown) throw new Error('no window');
        const parts = shown.text.split('\n');
        expect(parts.length).toBe(shown.endLine - shown.startLine + 1);
        for (const [n, part] of parts.entries()) {
          const whole = lines[shown.startLine - 1 + n] ?? '';
          if (whole.length <= 4_000) expect(part).toBe(whole);
          else expect(whole).toContain(part.replaceAll('…', ''));
        }
        for (const [start, end] of shown.marks) {
          expect(shown.text.slice(start, end).toLowerCase()).toBe('otter');
        }
        if (lines.some((value) => wanted.marks(value).length > 0)) {
          expect(shown.marks.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  test('near a line is all of a document, or what can be looked at quickly', () => {
    expect(nearby(['a', 'b', 'c'], 2)).toEqual({ startLine: 1, endLine: 3 });
    expect(nearby(['a', 'b', 'c'], 99)).toEqual({ startLine: 1, endLine: 3 });
    expect(nearby([], 1)).toEqual({ startLine: 0, endLine: 0 });
    const long = Array.from({ length: 100_000 }, () => 'x'.repeat(99));
    expect(nearby(long, 50_000)).toEqual({ startLine: 49_001, endLine: 51_000 });
    expect(nearby(long, 1)).toEqual({ startLine: 1, endLine: 2_000 });
    expect(nearby(['x'.repeat(9_000_000), 'y'], 2)).toEqual({ startLine: 1, endLine: 2 });
  });

  test('megabytes that changed, on many lines or on one, do not hold the search up', async () => {
    const local = new Bench();
    try {
      const words = 'info error request handler timeout retry connection otter2Otter/x '.repeat(5);
      const many = local.write('many.log', `${words}\n`.repeat(8_000));
      const one = local.write('one.txt', words.repeat(8_000));
      await local.service.add({ collection: 'A', paths: [local.docs] });
      for (const file of [many, one]) appendFileSync(file, 'more\n');
      const started = performance.now();
      const { results } = await local.service.search({ query: 'connection timeout', k: 20 });
      // Ten times the usual; it was ten seconds when each passage had the whole document read.
      expect(performance.now() - started).toBeLessThan(5_000);
      expect(new Set(results.map(({ path }) => path))).toEqual(new Set(['many.log', 'one.txt']));
    } finally {
      await local.dispose();
    }
  });

  test('lines around a passage are read for the viewer', async () => {
    const passage = await bench.service.passage({
      collection: 'docs',
      path: 'long.txt',
      startLine: 150,
      endLine: 151,
      context: 2,
    });
    expect(passage).toMatchObject({
      collection: 'Docs',
      path: 'long.txt',
      firstLine: 148,
      totalLines: 200,
      stale: false,
      lines: LONG.slice(147, 153),
    });
    const ask = (path: string): Promise<unknown> =>
      bench.service.passage({ collection: 'Docs', path, startLine: 1, endLine: 1, context: 0 });
    expect(await codeOf(ask('../../data/store.db'))).toBe('knowledge/unknown-file');
    const huge = await bench.service.passage({
      collection: 'Docs',
      path: 'long.txt',
      startLine: 9_000_000,
      endLine: 9_000_001,
      context: 500,
    });
    expect(huge.lines.at(-1)).toBe(LONG.at(-1));
  });

  test('a document that changed since is shown as it is now, and said to be stale', async () => {
    const local = new Bench();
    try {
      local.write('a.md', 'The pangolin sleeps.\n');
      local.write('b.md', 'A pangolin eats.\n');
      await local.service.add({ collection: 'A', paths: [local.docs] });
      local.write('a.md', `${'New line.\n'.repeat(50)}The pangolin moved here.\n`);
      local.write('b.md', 'Gone is the animal.\n');
      const { results } = await local.service.search({ query: 'pangolins', k: 5 });
      expect(results).toMatchObject([{ path: 'a.md', rank: 1, endLine: 51 }]);
      expect(results[0]?.text).toContain('The pangolin moved here.');
      const passage = await local.service.passage({
        collection: 'A',
        path: 'a.md',
        startLine: 1,
        endLine: 1,
        context: 0,
      });
      expect(passage).toMatchObject({ lines: ['New line.'], stale: true });
      rmSync(join(local.docs, 'a.md'));
      symlinkSync('/etc/passwd', join(local.docs, 'a.md'));
      const read = local.service.passage({
        collection: 'A',
        path: 'a.md',
        startLine: 1,
        endLine: 1,
        context: 0,
      });
      expect(await codeOf(read)).toBe('knowledge/source-gone');
      expect((await local.service.search({ query: 'pangolins', k: 5 })).results).toEqual([]);
    } finally {
      await local.dispose();
    }
  });
});

describe('marks', () => {
  test('stems are those of the index', () => {
    const db = new Database(':memory:');
    db.exec(`CREATE VIRTUAL TABLE t USING fts5(body, tokenize="porter unicode61 remove_diacritics 2");
             CREATE VIRTUAL TABLE v USING fts5vocab(t, row)`);
    const put = db.prepare('INSERT INTO t (body) VALUES (?)');
    const stems = db.prepare('SELECT term FROM v').pluck();
    const roots =
      `caress pony ties cat feed agree plaster motor sing conflate trouble size hop tan fall
      hiss fizz fail file happy sky relate condition rational valency hesitancy digitize conform radical
      different vile analogous vietnam predicate operate feudal decisive hopeful callous formality
      sensitivity sensibility triplicate formative formalize electricity electrical hopefulness goodness
      revive allow infer air gyroscope adjust defend irritate replace depend adopt homolog communism
      activate angular effective bowdler probate rate cease control roll index query connect compile yes
      toy by cry enjoy theology apology generation oscillate ability logic`.split(/\s+/);
    const endings =
      `s es ed ing ation ational izer ness ful able ibly ly ies er ers ment ement ion ions ous
      ize ism ate iti al ance ence ic ive ative y ie eed logi alli entli`.split(/\s+/);
    const words = [
      ...roots,
      ...roots.flatMap((root) => endings.map((end) => root + end)),
      ...roots.flatMap((root) => endings.map((end) => root.slice(0, -1) + end)),
      'Café',
      'ÜBER',
      'naïve',
      'utf8',
      '2024',
      'a1b2s',
      'és',
    ];
    for (const word of new Set(words)) {
      put.run(word);
      expect(stems.all(), word).toEqual([stemOf(word)]);
      db.exec(`DELETE FROM t; INSERT INTO t (t) VALUES ('optimize')`);
    }
    db.close();
  });

  test('parts of identifiers are marked, and nothing overlaps', () => {
    const text = 'createHttpServer makes servers; HTTPServer too';
    const marks = new Wanted(['server', 'http']).marks(text);
    expect(marks.map(([start, end]) => text.slice(start, end))).toEqual([
      'Http',
      'Server',
      'servers',
      'HTTP',
      'Server',
    ]);
    for (const [n, mark] of marks.entries()) {
      expect(mark[0]).toBeGreaterThanOrEqual(marks[n - 1]?.[1] ?? 0);
    }
  });

  test('what goes into the index has the text and the parts of its identifiers', () => {
    expect(indexable('call parseHTMLPage twice')).toBe('call parseHTMLPage twice\nparse HTML Page');
    expect(indexable('plain words')).toBe('plain words');
  });
});

describe('browsing', () => {
  test('folders first, hidden ones left out, from an absolute path only', async () => {
    const at = join(bench.root, 'picker');
    mkdirSync(join(at, 'folder'), { recursive: true });
    mkdirSync(join(at, '.hidden'));
    writeFileSync(join(at, 'b.md'), '');
    writeFileSync(join(at, 'a.md'), '');
    symlinkSync(join(at, 'nowhere'), join(at, 'broken'));
    symlinkSync(join(at, 'folder'), join(at, 'link'));
    expect(await bench.service.browse(at)).toEqual({
      path: at,
      parent: bench.root,
      entries: [
        { name: 'folder', kind: 'folder' },
        { name: 'link', kind: 'folder' },
        { name: 'a.md', kind: 'file' },
        { name: 'b.md', kind: 'file' },
      ],
      truncated: false,
    });
    expect((await bench.service.browse('/')).parent).toBe(null);
    expect((await bench.service.browse()).entries.every(({ name }) => !name.startsWith('.'))).toBe(
      true,
    );
    expect(await codeOf(bench.service.browse('relative'))).toBe('knowledge/path-missing');
    expect(await codeOf(bench.service.browse(join(at, 'a.md')))).toBe('knowledge/path-missing');
  });
});
