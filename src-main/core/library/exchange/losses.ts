import { MAX_LOST, MAX_LOST_CHARS } from './limits.ts';

/** Collects in words what could not be carried over. Names in it come from anywhere, so it shows no control characters. */
export class Losses {
  readonly #lines: string[] = [];
  #more = 0;

  /** `what` is a path or a name; `why` begins in lower case and ends with a full stop. */
  add(what: string, why: string): void {
    if (this.#lines.length >= MAX_LOST) {
      this.#more += 1;
      return;
    }
    const line = `${what}: ${why}`.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
    this.#lines.push(line.length > MAX_LOST_CHARS ? `${line.slice(0, MAX_LOST_CHARS)}…` : line);
  }

  lines(): readonly string[] {
    return this.#more === 0
      ? this.#lines
      : [...this.#lines, `${this.#more} more are not listed here.`];
  }
}

/** `a`, `a and b`, `a, b and c`, each in quotes. */
export function quoted(names: readonly string[]): string {
  const texts = names.map((name) => `"${name}"`);
  const last = texts.pop() ?? '';
  return texts.length === 0 ? last : `${texts.join(', ')} and ${last}`;
}
