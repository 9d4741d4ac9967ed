import { STOP_WORDS } from './stop-words.ts';
import { camelParts, isUnspaced, wordsOf } from './words.ts';

/** A question of more words is cut: FTS5's time grows with each term and the first ones carry the sense. */
const MAX_TERMS = 64;
/** A longer phrase is no longer a name or a title. */
const MAX_PHRASE_WORDS = 24;
/** `createServer`, `a.b`, `snake_case`, `kebab-case`, `ns::name`, `--flag`: written by machines, meant to the letter. */
const IDENTIFIER = /^[\p{L}\p{N}_$@#.:/\\-]+(?:\(\))?$/u;
const HAS_JOINT = /[\p{L}\p{N}][_$.:/\\-]+[\p{L}\p{N}]|\p{Ll}\p{Lu}|[\p{L}_$]\(\)$/u;

export interface SearchTerms {
  /** FTS5 expression: every term quoted, joined by OR. */
  readonly any: string;
  /** FTS5 expression of the whole query as one phrase; null where it is a single word. */
  readonly phrase: string | null;
  /** The query is one identifier or in quotes: what has the phrase comes before what has only words of it. */
  readonly literal: boolean;
  /** The words searched for, as written, without stop words; for marks. */
  readonly words: readonly string[];
}

/**
 * Turns what a person typed into FTS5 expressions. Nothing they type is an operator: each term is
 * quoted and has letters and digits only. Null where the query has no word at all.
 */
export function searchTerms(query: string): SearchTerms | null {
  const all = wordsOf(query.normalize('NFC')).map((word) => word.text);
  const telling = all.filter((word) => !STOP_WORDS.has(word.toLowerCase()));
  const words = telling.length > 0 ? telling : all;
  if (words.length === 0) return null;
  const terms = new Map<string, string>();
  for (const word of words) {
    const parts = camelParts(word);
    const forms = parts.length > 1 ? [word, ...parts] : [word];
    for (const form of forms) {
      if (terms.size < MAX_TERMS) terms.set(form.toLowerCase(), quoted(form));
    }
  }
  const trimmed = query.trim();
  return {
    any: [...terms.values()].join(' OR '),
    phrase: all.length > 1 && all.length <= MAX_PHRASE_WORDS ? quoted(all.join(' ')) : null,
    literal: (IDENTIFIER.test(trimmed) && HAS_JOINT.test(trimmed)) || /^".+"$/su.test(trimmed),
    words: [...new Set([...words, ...words.flatMap(camelParts)])],
  };
}

/** A run of a script without spaces is a phrase of its characters, as it was indexed. */
function quoted(text: string): string {
  if (!isUnspaced(text)) return `"${text}"`;
  return `"${text.replaceAll(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu, ' $& ').trim()}"`;
}
