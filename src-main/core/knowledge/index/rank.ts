export interface ChunkHit {
  readonly id: number;
  readonly file: number;
  readonly kind: string;
  /** Higher is better. */
  readonly score: number;
  readonly startLine: number;
  readonly endLine: number;
  readonly title: string;
}

export interface RankedFile {
  readonly file: number;
  readonly score: number;
  /** Best first. */
  readonly hits: readonly ChunkHit[];
}

/** Chunks of a file that count for it. */
const COUNTED_CHUNKS = 4;
/** What the second, third … best chunk of a file adds. Prose repeats itself; code spreads a matter over a file. */
const DECAY = 0.5;
const DECAY_PROSE = 0.2;

/**
 * Ranks files by their best chunks: the sum of s_i · decay^i over the best four. Files with the
 * query as a phrase in them (`literal`) come before the others, and those with it in their path or
 * title (`titled`) before these.
 */
export function rankFiles(
  hits: readonly ChunkHit[],
  literal: readonly ChunkHit[],
  titled: readonly ChunkHit[],
): RankedFile[] {
  const byFile = new Map<number, Map<number, ChunkHit>>();
  const add = (list: readonly ChunkHit[], bonus: (hit: ChunkHit) => number): void => {
    for (const hit of list) {
      const chunks = byFile.get(hit.file) ?? new Map<number, ChunkHit>();
      byFile.set(hit.file, chunks);
      const known = chunks.get(hit.id);
      const score = (known ?? hit).score + bonus(hit);
      chunks.set(hit.id, { ...hit, score });
    }
  };
  add(hits, () => 0);
  // More than any sum of four chunks without it can be.
  const tier = 2 * Math.max(0, ...hits.map((hit) => hit.score));
  add(literal, () => tier);
  add(titled, () => 2 * tier);
  return [...byFile]
    .map(([file, chunks]) => {
      const best = [...chunks.values()].toSorted((a, b) => b.score - a.score || a.id - b.id);
      return { file, score: fileScore(best), hits: best };
    })
    .toSorted((a, b) => b.score - a.score || a.file - b.file);
}

function fileScore(best: readonly ChunkHit[]): number {
  const decay = best[0]?.kind === 'text' ? DECAY_PROSE : DECAY;
  return best
    .slice(0, COUNTED_CHUNKS)
    .reduce((sum, hit, index) => sum + hit.score * decay ** index, 0);
}

/** A passage to show: a chunk with the score it is ranked by. */
export interface RankedHit extends ChunkHit {
  readonly rankedBy: number;
}

/**
 * The best `k` passages: each file's best one by the file's score; a file's further passages stand
 * where half its score per step puts them, so they come first only where it is far ahead.
 */
export function topHits(files: readonly RankedFile[], k: number): RankedHit[] {
  const all = files.flatMap((file) =>
    file.hits.map((hit, index) => ({ ...hit, rankedBy: file.score * DECAY ** index })),
  );
  return all.toSorted((a, b) => b.rankedBy - a.rankedBy).slice(0, k);
}
