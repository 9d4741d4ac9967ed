import type { ConflictDetail, MergeChunk } from '../../../src-contract/library.ts';
import type { Choice, Solving } from './kept-state.ts';
import { linesOf } from './line-diff.ts';

/** What a conflict is about: when a side changes, choices that were made for the old one end. */
export function sidesOf({ mine, theirs }: Pick<ConflictDetail, 'mine' | 'theirs'>): string {
  return `${mine?.oid ?? ''}:${theirs?.oid ?? ''}`;
}

type Difference = Extract<MergeChunk, { kind: 'conflict' }>;

/** Text of one difference after a choice, with its line ends; null while nothing is chosen. */
export function chosenText(difference: Difference, choice: Choice | undefined): string | null {
  const { mine, theirs } = difference;
  if (choice === undefined) return null;
  if (choice === 'mine') return mine;
  if (choice === 'theirs') return theirs;
  if (choice === 'both') return withEnd(theirs, mine) + mine;
  return writtenText(difference, choice.text);
}

/** One piece after the other; pieces without a choice are null. */
export function pieces(
  chunks: readonly MergeChunk[],
  choices: Solving['choices'],
): readonly (string | null)[] {
  let n = -1;
  return chunks.map((chunk) => {
    if (chunk.kind === 'merged') return chunk.text;
    n += 1;
    return chosenText(chunk, choices[n]);
  });
}

/** The whole text, once every difference has a choice; null before. */
export function mergedText(
  chunks: readonly MergeChunk[],
  choices: Solving['choices'],
): string | null {
  const all = pieces(chunks, choices);
  return all.includes(null) ? null : all.join('');
}

/** A text to begin writing from: where nothing is chosen both sides, so that nothing is lost by default. */
export function textToEdit(chunks: readonly MergeChunk[], choices: Solving['choices']): string {
  let n = -1;
  return chunks
    .map((chunk) => {
      if (chunk.kind === 'merged') return chunk.text;
      n += 1;
      return chosenText(chunk, choices[n] ?? 'both') ?? '';
    })
    .join('');
}

/** One line of the result as it is shown: whose it is, or that it is open. */
export interface ResultLine {
  readonly from: 'mine' | 'theirs' | 'written' | 'open' | null;
  readonly text: string;
  /** Of the difference it comes from; null for what both agree on. */
  readonly difference: number | null;
}

export function resultLines(
  chunks: readonly MergeChunk[],
  choices: Solving['choices'],
): readonly ResultLine[] {
  let n = -1;
  return chunks.flatMap((chunk): ResultLine[] => {
    if (chunk.kind === 'merged')
      return linesOf(chunk.text).map((text) => ({ from: null, text, difference: null }));
    n += 1;
    const difference = n;
    const choice = choices[n];
    const side = (from: ResultLine['from'], text: string): ResultLine[] =>
      linesOf(text).map((line) => ({ from, text: line, difference }));
    if (choice === undefined)
      return [{ from: 'open', text: `Difference ${n + 1} goes here`, difference }];
    if (choice === 'mine') return side('mine', chunk.mine);
    if (choice === 'theirs') return side('theirs', chunk.theirs);
    if (choice === 'both') return [...side('theirs', chunk.theirs), ...side('mine', chunk.mine)];
    return side('written', choice.text);
  });
}

/** What a person writes may lack the last line end: what follows must stay a line of its own. */
function writtenText({ base, mine, theirs }: Difference, text: string): string {
  const goesOn = [base, mine, theirs].some((each) => each.endsWith('\n'));
  return goesOn && text !== '' && !text.endsWith('\n') ? `${text}\n` : text;
}

/** A text that ends with a line end where another line follows: two last lines must not become one. */
function withEnd(text: string, next: string): string {
  return text === '' || text.endsWith('\n') || next === '' ? text : `${text}\n`;
}
