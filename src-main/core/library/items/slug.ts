/** Characters of a name that become part of a file name: readable in a list, far from every system's limit. */
const MAX_SLUG_CHARS = 50;

/** Latin letters that no decomposition takes apart. */
const LATIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ŋ: 'n',
};

/** A file name from a title: lower case, words joined by hyphens, letters of every script kept. May be empty. */
export function slugOf(title: string): string {
  const words = title
    .normalize('NFC')
    .toLowerCase()
    .normalize('NFC')
    .match(/(?:[\p{L}\p{N}]\p{M}*)+/gu);
  return bounded(words ?? []);
}

/** `slugOf` in plain ASCII, as Agent Skills want the names of skills: accents are dropped, other scripts left out. */
export function asciiSlugOf(title: string): string {
  const plain = title
    .toLowerCase()
    .replaceAll(/[ßæœøđðþłħıŋ]/g, (letter) => LATIN[letter] ?? '')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '');
  return bounded(plain.match(/[a-z0-9]+/g) ?? []);
}

function bounded(words: readonly string[]): string {
  const slug = Array.from(words.join('-')).slice(0, MAX_SLUG_CHARS).join('');
  return slug.replace(/-+$/, '');
}
