import type { Judgements } from './beir.ts';

export interface RankedDocuments {
  readonly query: string;
  /** Ids, best first. */
  readonly documents: readonly string[];
}

/**
 * Means over queries as trec_eval and BEIR compute them: nDCG@10 with linear gain, recall@100,
 * reciprocal rank within ten. A document with the id of its query is left out, as BEIR does.
 */
export function meanScores(
  runs: readonly RankedDocuments[],
  judgements: Judgements,
): { readonly ndcg10: number; readonly recall100: number; readonly mrr10: number } {
  let ndcg = 0;
  let recall = 0;
  let mrr = 0;
  for (const run of runs) {
    const judged = judgements.get(run.query) ?? new Map<string, number>();
    const ranked = run.documents.filter((id) => id !== run.query).slice(0, 100);
    const gains = ranked.map((id) => judged.get(id) ?? 0);
    const ideal = [...judged.values()].toSorted((a, b) => b - a);
    const relevant = ideal.filter((gain) => gain > 0).length;
    const best = dcg(ideal.slice(0, 10));
    ndcg += best > 0 ? dcg(gains.slice(0, 10)) / best : 0;
    recall += relevant > 0 ? gains.filter((gain) => gain > 0).length / relevant : 0;
    const first = gains.slice(0, 10).findIndex((gain) => gain > 0);
    mrr += first < 0 ? 0 : 1 / (first + 1);
  }
  const n = Math.max(1, runs.length);
  return { ndcg10: ndcg / n, recall100: recall / n, mrr10: mrr / n };
}

/** Nearest-rank percentile; 0 for no values. `share` is between 0 and 1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

function dcg(gains: readonly number[]): number {
  return gains.reduce((sum, gain, index) => sum + Math.max(0, gain) / Math.log2(index + 2), 0);
}
