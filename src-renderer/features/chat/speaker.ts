/** Shortest time between two utterances in milliseconds, so that a screen reader is never flooded. */
const PAUSE_MS = 2_000;
/** An utterance of a text without sentences (code, a table) ends here, in characters. */
const MAX_SPOKEN_CHARS = 400;

/** Speaks a streamed answer a sentence at a time, at most every two seconds; what came meanwhile is said together. */
export class Speaker {
  readonly #say: (text: string) => void;
  readonly #now: () => number;
  #held = '';
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(say: (text: string) => void, now: () => number = () => performance.now()) {
    this.#say = say;
    this.#now = now;
  }

  feed(delta: string): void {
    this.#held += delta;
    if (this.#now() - this.#lastAt < PAUSE_MS) return;
    const end = lastSentenceEnd(this.#held);
    if (end > 0) this.#speak(end);
  }

  /** Says what is left, then `last`: "Answer finished". */
  finish(last: string): void {
    const rest = plain(this.#held.slice(-MAX_SPOKEN_CHARS));
    this.#held = '';
    this.#say(rest === '' ? last : `${rest} ${last}`);
  }

  #speak(end: number): void {
    const text = plain(this.#held.slice(0, end));
    this.#held = this.#held.slice(end);
    if (text === '') return;
    this.#lastAt = this.#now();
    this.#say(text);
  }
}

function lastSentenceEnd(text: string): number {
  let end = 0;
  for (const found of text.matchAll(/[.!?…:](?=\s)|\n\n/gu)) end = found.index + found[0].length;
  return end === 0 && text.length > MAX_SPOKEN_CHARS ? MAX_SPOKEN_CHARS : end;
}

/** Without the marks of Markdown, which nobody wants to hear. */
function plain(markdown: string): string {
  return markdown
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/gu, '$1')
    .replaceAll(/[*_`~#>|]+/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}
