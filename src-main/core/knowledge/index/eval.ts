import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { kindOfText } from '../text/kinds.ts';
import { searchTerms } from '../text/query.ts';
import { readCorpus, readJudgements, readQueries } from './beir.ts';
import { toDocument } from './document.ts';
import type { EvalFigures } from './jobs.ts';
import { meanScores, percentile, type RankedDocuments } from './metrics.ts';
import { ShardReader } from './reader.ts';
import { openShard } from './shard.ts';
import { ShardWriter } from './writer.ts';

/** Name of scratch folders below the cache; what a killed evaluation left there goes at the next start. */
const SCRATCH_PREFIX = 'eval-';
const COLLECTION = 'eval';
const DOCUMENTS_PER_COMMIT = 500;

/**
 * Scores this program's own retrieval on a BEIR folder: the same chunks, index and ranking as
 * search, in a scratch index under a key that nobody keeps.
 *
 * Errors: `knowledge/not-beir`.
 */
export async function runEval(
  dir: string,
  scratch: string,
  signal: AbortSignal,
): Promise<EvalFigures> {
  const judgements = await readJudgements(dir);
  const queries = await readQueries(dir, judgements);
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  const at = mkdtempSync(join(scratch, SCRATCH_PREFIX));
  try {
    const db = openShard({ dir: at, key: randomBytes(32) });
    try {
      const started = performance.now();
      const documents = await indexCorpus(new ShardWriter(db), dir, signal);
      const indexMs = performance.now() - started;
      const runs = rankAll(new ShardReader(db), queries, signal);
      const times = runs.map((run) => run.ms);
      return {
        queries: runs.length,
        documents,
        ...meanScores(runs, judgements),
        p50Ms: percentile(times, 0.5),
        p95Ms: percentile(times, 0.95),
        indexMs,
      };
    } finally {
      db.close();
    }
  } finally {
    rmSync(at, { recursive: true, force: true });
  }
}

async function indexCorpus(writer: ShardWriter, dir: string, signal: AbortSignal): Promise<number> {
  let count = 0;
  let held: (() => void)[] = [];
  const commit = (): void => {
    const writes = held;
    held = [];
    writer.transaction(() => {
      for (const write of writes) write();
    });
  };
  for await (const document of readCorpus(dir)) {
    signal.throwIfAborted();
    const kind = kindOfText(document.id);
    // Where the title is the path, it is the path that is weighed.
    const title = document.title === document.id ? '' : document.title;
    const { chunks } = toDocument(document.id, kind, document.text, title);
    count += 1;
    held.push(() =>
      writer.put({
        collection: COLLECTION,
        path: document.id,
        origin: document.id,
        kind,
        bytes: document.text.length,
        mtime: null,
        hash: null,
        state: 'indexed',
        error: null,
        chunks,
      }),
    );
    if (held.length >= DOCUMENTS_PER_COMMIT) commit();
  }
  commit();
  return count;
}

function rankAll(
  reader: ShardReader,
  queries: Awaited<ReturnType<typeof readQueries>>,
  signal: AbortSignal,
): (RankedDocuments & { readonly ms: number })[] {
  return queries.map((query) => {
    signal.throwIfAborted();
    const started = performance.now();
    const terms = searchTerms(query.text);
    const files = terms ? reader.rank(terms, [COLLECTION]) : [];
    const ms = performance.now() - started;
    const documents = files.slice(0, 101).flatMap(({ file }) => reader.fileById(file)?.path ?? []);
    return { query: query.id, documents, ms };
  });
}
