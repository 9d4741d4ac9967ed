import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { meanScores, percentile } from '../../../src-main/core/knowledge/index/metrics.ts';
import { Bench, codeOf } from './knowledge.helper.ts';

let bench: Bench;
let dir: string;
beforeEach(() => {
  bench = new Bench();
  dir = join(bench.root, 'beir');
  mkdirSync(join(dir, 'qrels'), { recursive: true });
});
afterEach(() => bench.dispose());

const jsonl = (name: string, rows: readonly object[]): void =>
  writeFileSync(join(dir, name), rows.map((row) => JSON.stringify(row)).join('\n'));

test('a folder is scored, and the scratch index is gone afterwards', async () => {
  const animals = ['otter', 'heron', 'badger', 'pangolin', 'stork'];
  jsonl(
    'corpus.jsonl',
    animals.map((animal, n) => ({ _id: `d${n}`, title: animal, text: `About the ${animal}.` })),
  );
  jsonl('queries.jsonl', [
    ...animals.map((animal, n) => ({ _id: `q${n}`, text: `Where are ${animal}s?` })),
    { _id: 'unjudged', text: 'otter' },
    { _id: 'nothing', text: 'zzz' },
  ]);
  const judged = animals.map((_, n) => `q${n}\td${n}\t1`);
  writeFileSync(
    join(dir, 'qrels/test.tsv'),
    ['query-id\tcorpus-id\tscore', ...judged, 'nothing\td0\t1'].join('\n'),
  );
  const figures = await bench.service.eval(dir);
  expect(figures).toMatchObject({ queries: 6, documents: 5 });
  expect(figures.ndcg10).toBeCloseTo(5 / 6);
  expect(figures.recall100).toBeCloseTo(5 / 6);
  expect(figures.mrr10).toBeCloseTo(5 / 6);
  expect(figures.p95Ms).toBeGreaterThanOrEqual(figures.p50Ms);
  expect(figures.indexMs).toBeGreaterThan(0);
  const scratch = join(bench.data, 'cache', 'eval');
  expect(existsSync(scratch) ? readdirSync(scratch) : []).toEqual([]);
  expect(bench.service.collections()).toEqual([]);
});

test('what is not a BEIR folder is refused with what it lacks', async () => {
  expect(await codeOf(bench.service.eval(dir))).toBe('knowledge/not-beir');
  writeFileSync(join(dir, 'qrels/test.tsv'), 'q\td\ts\nq1\td1\t1\n');
  jsonl('queries.jsonl', [{ _id: 'q1', text: 'x' }]);
  writeFileSync(join(dir, 'corpus.jsonl'), '{"_id":"d1"}\n');
  expect(await codeOf(bench.service.eval(dir))).toBe('knowledge/not-beir');
  writeFileSync(join(dir, 'corpus.jsonl'), 'not json\n');
  expect(await codeOf(bench.service.eval(dir))).toBe('knowledge/not-beir');
  expect(await codeOf(bench.service.eval('relative'))).toBe('knowledge/path-missing');
});

test('the measures are those of trec_eval', () => {
  const judgements = new Map([
    [
      'q',
      new Map([
        ['a', 2],
        ['b', 1],
        ['c', 0],
      ]),
    ],
  ]);
  const scores = meanScores([{ query: 'q', documents: ['x', 'b', 'a', 'q', 'c'] }], judgements);
  const ideal = 2 / Math.log2(2) + 1 / Math.log2(3);
  expect(scores.ndcg10).toBeCloseTo((1 / Math.log2(3) + 2 / Math.log2(4)) / ideal);
  expect(scores.recall100).toBe(1);
  expect(scores.mrr10).toBe(0.5);
  const late = Array.from({ length: 10 }, (_, n) => `x${n}`).concat('a');
  expect(meanScores([{ query: 'q', documents: late }], judgements)).toEqual({
    ndcg10: 0,
    recall100: 0.5,
    mrr10: 0,
  });
  expect(percentile([5, 1, 3, 2, 4], 0.5)).toBe(3);
  expect(percentile([5, 1, 3, 2, 4], 0.95)).toBe(5);
  expect(percentile([], 0.5)).toBe(0);
});
