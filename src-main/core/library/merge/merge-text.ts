import { diff3MergeRegions } from 'node-diff3';
import type { MergeChunk } from '../../../../src-contract/library.ts';
import { commonEnds, linesOf, MAX_LINE_PAIRS, textOf } from './text.ts';

/** What a merge of three texts gave. */
export type MergedText =
  | { readonly kind: 'clean'; readonly bytes: Buffer }
  | { readonly kind: 'conflict'; readonly chunks: readonly MergeChunk[] }
  /** One of them is not a text, or too long. */
  | { readonly kind: 'not-text' };

/**
 * Three-way merge of bytes, line by line (diff3 of Khanna, Kunal and Pierce). Lines keep their ends
 * exactly. Changes that touch each other are a conflict, the same change on both sides is none.
 * What is too different to be compared is one conflict as a whole.
 */
export function mergeText(base: Uint8Array, mine: Uint8Array, theirs: Uint8Array): MergedText {
  const [o, a, b] = [textOf(base), textOf(mine), textOf(theirs)];
  if (o === null || a === null || b === null) return { kind: 'not-text' };
  if (a === b || b === o) return clean(a);
  if (a === o) return clean(b);
  const chunks = mergeLines(linesOf(o), linesOf(a), linesOf(b));
  if (chunks.some(({ kind }) => kind === 'conflict')) return { kind: 'conflict', chunks };
  return clean(chunks.map((chunk) => (chunk.kind === 'merged' ? chunk.text : '')).join(''));
}

function clean(text: string): MergedText {
  return { kind: 'clean', bytes: Buffer.from(text, 'utf8') };
}

function mergeLines(o: string[], a: string[], b: string[]): readonly MergeChunk[] {
  const { head, tail } = commonEnds(o, a, b);
  const inner = (side: string[]): string[] => side.slice(head, side.length - tail);
  const chunks: MergeChunk[] = [];
  merged(o.slice(0, head));
  const [base, mine, theirs] = [inner(o), inner(a), inner(b)];
  if (base.length * Math.max(mine.length, theirs.length) > MAX_LINE_PAIRS) {
    conflict(base, mine, theirs);
  } else {
    for (const region of diff3MergeRegions(mine, base, theirs)) {
      if (region.stable) merged(region.bufferContent);
      else conflict(region.oContent, region.aContent, region.bContent);
    }
  }
  merged(o.slice(o.length - tail));
  return chunks;

  function merged(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const last = chunks.at(-1);
    if (last?.kind === 'merged') last.text += lines.join('');
    else chunks.push({ kind: 'merged', text: lines.join('') });
  }

  function conflict(
    base: readonly string[],
    mine: readonly string[],
    theirs: readonly string[],
  ): void {
    const [o, a, b] = [base.join(''), mine.join(''), theirs.join('')];
    if (a === b) merged(mine);
    else chunks.push({ kind: 'conflict', base: o, mine: a, theirs: b });
  }
}
