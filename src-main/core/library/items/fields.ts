import { MAX_LIST_ENTRIES } from '../limits.ts';
import type { Fields } from './front-matter.ts';

/** Longest name or label, description and starter of an item, characters; longer ones are cut and said. */
const MAX_NAME = 120;
const MAX_DESCRIPTION = 1_024;
const MAX_ENTRY = 2_000;

/** Reads typed values out of front matter that anybody may have written; what does not fit becomes a problem. */
export class FieldReader {
  readonly problems: string[];
  readonly #fields: Fields;
  readonly #where: string;

  constructor(fields: Fields, problems: string[], where = '') {
    this.#fields = fields;
    this.problems = problems;
    this.#where = where;
  }

  name(key: string): string | null {
    return this.#text(key, MAX_NAME);
  }

  description(key: string): string | null {
    return this.#text(key, MAX_DESCRIPTION);
  }

  flag(key: string): boolean {
    const value = this.value(key);
    if (value === undefined || value === null) return false;
    if (typeof value !== 'boolean') this.#say(`"${key}" must be true or false.`);
    return value === true;
  }

  /** One text or a list of texts. */
  list(key: string): string[] {
    const value = this.value(key);
    if (value === undefined || value === null) return [];
    const entries: unknown[] = Array.isArray(value) ? value : [value];
    const texts = entries.flatMap((entry) => (isScalar(entry) ? String(entry) : []));
    if (texts.length < entries.length) this.#say(`"${key}" must be a list of texts.`);
    if (texts.length > MAX_LIST_ENTRIES) this.#say(`"${key}" has too many entries.`);
    return texts.slice(0, MAX_LIST_ENTRIES).map((text) => text.slice(0, MAX_ENTRY));
  }

  /** Own properties only: a key called `constructor` finds nothing that nobody wrote. */
  value(key: string): unknown {
    return Object.hasOwn(this.#fields, key) ? this.#fields[key] : undefined;
  }

  #text(key: string, max: number): string | null {
    const value = this.value(key);
    if (value === undefined || value === null) return null;
    if (!isScalar(value)) {
      this.#say(`"${key}" must be a text.`);
      return null;
    }
    const text = String(value).replaceAll(/\s+/g, ' ').trim();
    if (text.length > max) this.#say(`"${key}" is longer than ${max} characters.`);
    return text === '' ? null : text.slice(0, max);
  }

  #say(problem: string): void {
    this.problems.push(this.#where + problem);
  }
}

export function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
