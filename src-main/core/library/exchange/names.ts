import { foldedPath } from '../portable-path.ts';

/** Longest name that the Agent Skills format and Claude Code take, characters. */
const MAX_SLUG = 64;

/** Lower-case letters, digits and single hyphens: what slash commands and subagents are called by. */
export function slug(text: string): string {
  const plain = text.normalize('NFC').toLowerCase();
  const name = plain.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-+|-+$/g, '');
  return name.slice(0, MAX_SLUG).replace(/-+$/, '') || 'item';
}

export function isSlug(text: string): boolean {
  return text.length <= MAX_SLUG && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(text);
}

/** Hands out names that differ on every file system. */
export class Names {
  readonly #taken = new Set<string>();

  take(name: string): string {
    for (let number = 1; ; number += 1) {
      const candidate = number === 1 ? name : `${name}-${number}`;
      const key = foldedPath(candidate);
      if (this.#taken.has(key)) continue;
      this.#taken.add(key);
      return candidate;
    }
  }
}
