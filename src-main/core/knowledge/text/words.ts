/** What the index takes for a word (FTS5's unicode61): letters, numbers, and the accents on them. */
const WORD = /[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\u0300-\u036f]*/gu;
/** Borders inside an identifier: aB, ABc, a1b is left whole (`utf8`, `es2024` are words). */
const CAMEL_BORDER = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
const MAYBE_CAMEL = /[\p{Ll}\p{N}]\p{Lu}|\p{Lu}\p{Lu}\p{Ll}/u;
/** Scripts written without spaces: each character becomes a word, and a run of them a phrase. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const EACH_UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;

export interface Word {
  readonly text: string;
  /** UTF-16 offset in the text it was found in. */
  readonly at: number;
}

/** All words of a text in order. */
export function wordsOf(text: string): Word[] {
  return [...text.matchAll(WORD)].map((match) => ({ text: match[0], at: match.index }));
}

/** Parts of `parseHTMLPage`: parse, HTML, Page. One part where there is nothing to split. */
export function camelParts(word: string): string[] {
  return MAYBE_CAMEL.test(word) ? word.split(CAMEL_BORDER) : [word];
}

export function isUnspaced(word: string): boolean {
  return UNSPACED.test(word);
}

/**
 * What goes into a column of the index: the text itself and, after it, the parts of its camelCase
 * identifiers, so that `server` finds `createServer`. Each identifier adds its parts once.
 */
export function indexable(original: string): string {
  // Queries are composed too; decomposed Korean (macOS has it in file names) is other letters.
  const text = original.normalize('NFC');
  const spaced = UNSPACED.test(text) ? text.replaceAll(EACH_UNSPACED, ' $& ') : text;
  if (!MAYBE_CAMEL.test(text)) return spaced;
  const seen = new Set<string>();
  const parts: string[] = [];
  for (const [word] of text.matchAll(WORD)) {
    if (seen.has(word) || !MAYBE_CAMEL.test(word)) continue;
    seen.add(word);
    parts.push(...camelParts(word));
  }
  return parts.length === 0 ? spaced : `${spaced}\n${parts.join(' ')}`;
}
