import type { Citation } from '../../../src-contract/common.ts';
import type { SearchResult } from '../../../src-contract/knowledge.ts';

export interface Choice {
  /** Passages at most. */
  readonly max: number;
  /** Part of the best score that a passage must reach, 0 to 1. */
  readonly scoreShare: number;
  /** Part of the question's words that a passage must hold, 0 to 1. */
  readonly wordShare: number;
  /** The same as a part of what the passage with the most of them holds. */
  readonly bestWordShare: number;
}

/** For quoting without a model: better nothing than something beside the point. */
export const TO_QUOTE: Choice = { max: 5, scoreShare: 0.5, wordShare: 0.34, bestWordShare: 0.6 };
/** For a model, which can tell by itself what helps. */
export const TO_READ: Choice = { max: 8, scoreShare: 0.1, wordShare: 0.2, bestWordShare: 0 };

/** Words that say nothing about what is asked. */
const STOP_WORDS = new Set(
  `a about all am an and any are as at be been but by can could did do does for from had has have he
  her his how i if in into is it its me my no not of on or our please she should so some tell than
  that the their them then there these they this to us was we were what when where which who why
  will with would you your show explain give find`.split(/\s+/),
);

/** The clearly relevant of `results` (best first), without repetitions, numbered from 1. */
export function choosePassages(
  question: string,
  results: readonly SearchResult[],
  choice: Choice,
): Citation[] {
  const words = contentWords(question);
  const held = results.map((result) => wordsIn(words, result));
  const needed = Math.max(
    Math.ceil(words.length * choice.wordShare),
    Math.ceil(Math.max(0, ...held) * choice.bestWordShare),
  );
  const best = Math.abs(results[0]?.score ?? 0);
  const chosen: SearchResult[] = [];
  for (const [i, result] of results.entries()) {
    if (chosen.length === choice.max) break;
    if (Math.abs(result.score) < best * choice.scoreShare) continue;
    if ((held[i] ?? 0) < needed) continue;
    if (chosen.some((other) => repeats(other, result))) continue;
    chosen.push(result);
  }
  return chosen.map(({ collection, path, title, page, startLine, endLine, text }, i) => ({
    n: i + 1,
    collection,
    path,
    title,
    page,
    startLine,
    endLine,
    text,
  }));
}

function contentWords(question: string): string[] {
  const words = everyWord(question);
  const telling = words.filter((word) => !STOP_WORDS.has(word));
  return telling.length > 0 ? telling : words;
}

/** How many of the words a passage holds; one in its title counts twice: it says what the passage is about. */
function wordsIn(words: readonly string[], { path, title, text }: SearchResult): number {
  const named = everyWord(title);
  const said = [...named, ...everyWord(`${path} ${text}`)];
  const held = (word: string, found: readonly string[]): number =>
    found.some((other) => sameWord(word, other)) ? 1 : 0;
  return words.reduce((sum, word) => sum + held(word, said) + held(word, named), 0);
}

function everyWord(text: string): string[] {
  return [...new Set(fold(text).match(/[\p{L}\p{N}]+/gu))];
}

/** Equal but for an ending: "refunds" and "refund", "policies" and "policy". */
function sameWord(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short === long) return true;
  if (short.length < 3 || long.length > short.length + 4) return false;
  return long.startsWith(short.length > 4 ? short.slice(0, -1) : short);
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase();
}

function repeats(a: SearchResult, b: SearchResult): boolean {
  if (a.text.trim() === b.text.trim()) return true;
  const sameFile = a.collection === b.collection && a.path === b.path && a.page === b.page;
  return sameFile && a.startLine <= b.endLine && b.startLine <= a.endLine;
}
