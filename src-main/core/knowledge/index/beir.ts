import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AppError } from '../../../../src-contract/app-error.ts';
import { notBeir } from '../errors.ts';
import { MAX_FILE_BYTES } from '../limits.ts';

/** Query id to document id to relevance. */
export type Judgements = ReadonlyMap<string, ReadonlyMap<string, number>>;

export interface BeirDocument {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** Lines of one file; the largest BEIR collection has 8.8 million documents, which is no task for a desktop. */
const MAX_LINES = 2_000_000;

/** Documents of `corpus.jsonl`, one at a time. Errors: `knowledge/not-beir`. */
export async function* readCorpus(dir: string): AsyncGenerator<BeirDocument> {
  for await (const row of jsonLines(dir, 'corpus.jsonl')) {
    yield {
      id: text(row, '_id', 'corpus.jsonl'),
      title: typeof row['title'] === 'string' ? row['title'] : '',
      text: text(row, 'text', 'corpus.jsonl'),
    };
  }
}

/** The queries that have a judgement, in file order. Errors: `knowledge/not-beir`. */
export async function readQueries(
  dir: string,
  judgements: Judgements,
): Promise<{ readonly id: string; readonly text: string }[]> {
  const queries: { id: string; text: string }[] = [];
  for await (const row of jsonLines(dir, 'queries.jsonl')) {
    const id = text(row, '_id', 'queries.jsonl');
    if (judgements.has(id)) queries.push({ id, text: text(row, 'text', 'queries.jsonl') });
  }
  if (queries.length === 0) throw notBeir('no query of queries.jsonl is in qrels/test.tsv');
  return queries;
}

/** `qrels/test.tsv`: query, document, score; the first line is a header. Errors: `knowledge/not-beir`. */
export async function readJudgements(dir: string): Promise<Judgements> {
  const judgements = new Map<string, Map<string, number>>();
  for await (const line of lines(dir, 'qrels/test.tsv')) {
    const [query, document, score] = line.split('\t');
    const gain = Number(score);
    if (!query || !document || !Number.isFinite(gain)) continue;
    const judged = judgements.get(query) ?? new Map<string, number>();
    judgements.set(query, judged.set(document, gain));
  }
  if (judgements.size === 0) throw notBeir('qrels/test.tsv has no judgement');
  return judgements;
}

async function* jsonLines(dir: string, name: string): AsyncGenerator<Record<string, unknown>> {
  for await (const line of lines(dir, name)) {
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch (error) {
      throw notBeir(`${name} has a line that is not JSON`, error);
    }
    if (typeof row !== 'object' || row === null)
      throw notBeir(`${name} has a line without a record`);
    yield row as Record<string, unknown>;
  }
}

async function* lines(dir: string, name: string): AsyncGenerator<string> {
  const input = createReadStream(join(dir, name), 'utf8');
  let count = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      count += 1;
      if (count > MAX_LINES) throw notBeir(`${name} has more than ${MAX_LINES} lines`);
      if (line.length > MAX_FILE_BYTES) throw notBeir(`${name} has a document that is too large`);
      if (line !== '') yield line;
    }
  } catch (error) {
    throw error instanceof AppError ? error : notBeir(`${name} can't be read`, error);
  } finally {
    input.destroy();
  }
}

function text(row: Record<string, unknown>, key: string, name: string): string {
  const value = row[key];
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw notBeir(`${name} has a line without "${key}"`);
}
