import type { Entry } from './palette-sources.ts';

/** Pairs of start and end offsets in UTF-16 units. */
export type Marks = readonly (readonly [number, number])[];

/** Entries whose title or place has every word of `query`; those that begin with it first. Order is kept otherwise. */
export function matching(entries: readonly Entry[], query: string): readonly Entry[] {
  const words = wordsOf(query);
  if (words.length === 0) return entries;
  const first = words[0] ?? '';
  return entries
    .filter(({ title, where }) => {
      const text = `${title} ${where}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .toSorted((a, b) => rank(a, first) - rank(b, first));
}

function rank({ title }: Entry, word: string): number {
  const at = title.toLowerCase().indexOf(word);
  return at === 0 ? 0 : at > 0 ? 1 : 2;
}

/** Where the words of `query` stand in `title`, in order and without overlap. */
export function marksOf(title: string, query: string): Marks {
  const lower = title.toLowerCase();
  // A letter whose lower case is longer would shift the offsets: rather no mark than a wrong one.
  if (lower.length !== title.length) return [];
  const pairs = wordsOf(query)
    .map((word) => [lower.indexOf(word), lower.indexOf(word) + word.length] as const)
    .filter(([start]) => start >= 0)
    .toSorted((a, b) => a[0] - b[0]);
  return pairs.filter(([start], index) => index === 0 || start >= (pairs[index - 1]?.[1] ?? 0));
}

/** Characters before the first found word: so few that it stands in the first line of a narrow list. */
const LEAD_CHARS = 32;

/**
 * A snippet of the engine as plain text with its marks: each found word stands between U+E000 and
 * U+E001. Doubled marks of Markdown, which say nothing in a line of a list, are left out.
 */
export function readSnippet(snippet: string): { readonly text: string; readonly marks: Marks } {
  let text = '';
  let start = 0;
  const marks: [number, number][] = [];
  for (const char of shortLead(snippet.replaceAll(/\*\*|__|`/gu, ''))) {
    if (char === '\uE000') start = text.length;
    else if (char === '\uE001') marks.push([start, text.length]);
    else text += char;
  }
  return { text, marks };
}

function shortLead(snippet: string): string {
  const first = snippet.indexOf('\uE000');
  if (first <= LEAD_CHARS) return snippet;
  const space = snippet.indexOf(' ', first - LEAD_CHARS);
  return `…${snippet.slice(space >= 0 && space < first ? space + 1 : first)}`;
}

function wordsOf(query: string): readonly string[] {
  return query.toLowerCase().split(/\s+/).filter(Boolean);
}
