import { basename } from 'node:path';
import type { SearchResult } from '../../../src-contract/knowledge.ts';
import type { IndexHandle } from './index/index-handle.ts';
import { topHits, type RankedHit } from './index/rank.ts';
import type { FileRow } from './index/reader.ts';
import type { Attachments } from './ports.ts';
import { sourceTextIfThere, type SourceText } from './source-text.ts';
import { Wanted } from './text/marks.ts';
import type { SearchTerms } from './text/query.ts';
import { bestWindow, nearby, type LineRange } from './text/window.ts';

/** Documents that are read at the same time for their passages. */
const READERS = 8;

export interface FindDeps {
  readonly index: IndexHandle;
  readonly attachments: Attachments;
  /** Name of a collection by its id. */
  readonly nameOf: (collection: string) => string;
}

/**
 * The best `k` passages with their text. The index holds no text, so it is read from the documents
 * as they are now: one that changed is searched for the words anew, so that lines and text always
 * agree; one that is gone or has none of the words any more is left out.
 */
export async function findPassages(
  deps: FindDeps,
  terms: SearchTerms,
  collections: readonly string[],
  k: number,
): Promise<{ readonly files: number; readonly results: SearchResult[] }> {
  const ranked = deps.index.read((reader) => reader.rank(terms, collections));
  const wanted = new Wanted(terms.words);
  // Some may turn out to be gone: as many again stand by.
  const hits = topHits(ranked, 2 * k);
  const rows = deps.index.read(
    (reader) => new Map(hits.map((hit) => [hit.file, reader.fileById(hit.file)])),
  );
  const texts = new Map<number, Promise<SourceText | null>>();
  const textOf = (row: FileRow): Promise<SourceText | null> => {
    const reading = texts.get(row.id) ?? sourceTextIfThere(row, deps.attachments);
    texts.set(row.id, reading);
    return reading;
  };
  const searched = new Set<string>();
  const isNew = (hit: RankedHit, { startLine, endLine }: LineRange): boolean => {
    const before = searched.size;
    return searched.add(`${hit.file}:${startLine}:${endLine}`).size > before;
  };
  const results: SearchResult[] = [];
  for (let at = 0; at < hits.length && results.length < k;) {
    const next = hits.slice(at, at + Math.min(READERS, k - results.length));
    at += next.length;
    const shown = await Promise.all(
      next.map(async (hit) => {
        const row = rows.get(hit.file);
        const text = row ? await textOf(row) : null;
        if (!row || !text) return null;
        // Of a document that changed several passages are looked for in the same lines: once is enough.
        const range = text.stale ? nearby(text.lines, hit.startLine) : hit;
        return isNew(hit, range) ? passageOf(hit, row, text, range, wanted) : null;
      }),
    );
    for (const passage of shown) {
      if (!passage || isRepeated(passage, results, deps)) continue;
      results.push({
        ...passage,
        rank: results.length + 1,
        collection: deps.nameOf(passage.collection),
      });
    }
  }
  return { files: ranked.length, results };
}

function passageOf(
  hit: RankedHit,
  row: FileRow,
  text: SourceText,
  range: LineRange,
  wanted: Wanted,
): SearchResult | null {
  const shown = bestWindow(text.lines, range, wanted);
  if (!shown || (text.stale && shown.marks.length === 0)) return null;
  return {
    rank: 0,
    score: hit.rankedBy,
    collection: row.collection,
    path: row.path,
    title: hit.title || basename(row.path),
    page: null,
    ...shown,
  };
}

/** Two chunks of a changed document may end at the same place. */
function isRepeated(
  passage: SearchResult,
  results: readonly SearchResult[],
  deps: FindDeps,
): boolean {
  return results.some(
    (other) =>
      other.path === passage.path &&
      other.startLine === passage.startLine &&
      other.collection === deps.nameOf(passage.collection),
  );
}
