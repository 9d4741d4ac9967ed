import { porterStem } from './porter.ts';
import { camelParts, isUnspaced, wordsOf } from './words.ts';

export type Mark = [start: number, end: number];

/** Words whose stem is remembered during one search. */
const MAX_KNOWN = 20_000;

/** The words of a query in the form in which they are compared. */
export class Wanted {
  readonly #stems: ReadonlySet<string>;
  readonly #unspaced: readonly string[];
  /** A text says its words again and again; stemming is what costs. */
  readonly #known = new Map<string, string>();

  constructor(words: readonly string[]) {
    this.#stems = new Set(words.map(stemOf));
    this.#unspaced = words.filter(isUnspaced);
  }

  /** Where `text` has any of the words, in order, without overlap; UTF-16 offsets. */
  marks(text: string): Mark[] {
    const marks: Mark[] = [];
    for (const word of wordsOf(text)) {
      if (this.#has(word.text)) {
        marks.push([word.at, word.at + word.text.length]);
      } else if (isUnspaced(word.text)) {
        marks.push(...this.#inside(word.text, word.at));
      } else {
        marks.push(...this.#parts(word.text, word.at));
      }
    }
    return marks;
  }

  /** How many different words of the query `text` has. */
  distinct(text: string): number {
    const found = new Set<string>();
    for (const [start, end] of this.marks(text)) found.add(this.#stem(text.slice(start, end)));
    return found.size;
  }

  #has(word: string): boolean {
    return this.#stems.has(this.#stem(word));
  }

  #stem(word: string): string {
    const known = this.#known.get(word);
    if (known !== undefined) return known;
    const stem = stemOf(word);
    if (this.#known.size < MAX_KNOWN) this.#known.set(word, stem);
    return stem;
  }

  #parts(word: string, at: number): Mark[] {
    const parts = camelParts(word);
    if (parts.length === 1) return [];
    const marks: Mark[] = [];
    let offset = at;
    for (const part of parts) {
      if (this.#has(part)) marks.push([offset, offset + part.length]);
      offset += part.length;
    }
    return marks;
  }

  /** Words of a script without spaces, wherever they stand in a run of it. */
  #inside(run: string, at: number): Mark[] {
    const marks: Mark[] = [];
    for (const word of this.#unspaced) {
      const found = run.indexOf(word);
      if (found >= 0) marks.push([at + found, at + found + word.length]);
    }
    return marks
      .toSorted((a, b) => a[0] - b[0])
      .filter((mark, n, all) => n === 0 || mark[0] >= (all[n - 1]?.[1] ?? 0));
  }
}

/** Lower case, without accents, without English endings. */
export function stemOf(word: string): string {
  const folded = word
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  return porterStem(folded);
}
