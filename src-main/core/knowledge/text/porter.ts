/**
 * M. F. Porter's stemmer (1980) as SQLite's FTS5 applies it, so that marks show the words that the
 * index matched. Source: "An algorithm for suffix stripping", Program 14(3).
 */
export function porterStem(word: string): string {
  // FTS5 leaves shorter and longer tokens, and what is not plain Latin has none of the suffixes.
  if (word.length < 3 || word.length > 64 || !/^[a-z0-9]+$/.test(word)) return word;
  let stem = step1a(word);
  stem = step1b(stem);
  if (stem.endsWith('y') && hasVowel(stem.slice(0, -1))) stem = `${stem.slice(0, -1)}i`;
  stem = replaceSuffix(stem, STEP_2, 0);
  stem = replaceSuffix(stem, STEP_3, 0);
  stem = step4(stem);
  return step5(stem);
}

type Suffixes = readonly (readonly [suffix: string, replacement: string])[];

const STEP_2: Suffixes = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['logi', 'log'],
  ['bli', 'ble'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
];
const STEP_3: Suffixes = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];
const STEP_4 =
  `al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize`.split(' ');

function isConsonant(word: string, at: number): boolean {
  const letter = word[at] ?? '';
  if ('aeiou'.includes(letter)) return false;
  return letter !== 'y' || at === 0 || !isConsonant(word, at - 1);
}

/** How often a vowel run is followed by a consonant run. */
function measure(word: string): number {
  let count = 0;
  for (let at = 1; at < word.length; at += 1) {
    if (isConsonant(word, at) && !isConsonant(word, at - 1)) count += 1;
  }
  return count;
}

function hasVowel(word: string): boolean {
  for (let at = 0; at < word.length; at += 1) if (!isConsonant(word, at)) return true;
  return false;
}

function endsDouble(word: string): boolean {
  const last = word.length - 1;
  return last > 0 && word[last] === word[last - 1] && isConsonant(word, last);
}

/** Consonant, vowel, consonant at the end, the last not w, x or y. */
function endsShort(word: string): boolean {
  const last = word.length - 1;
  return (
    last >= 2 &&
    isConsonant(word, last) &&
    !isConsonant(word, last - 1) &&
    isConsonant(word, last - 2) &&
    !'wxy'.includes(word[last] ?? '')
  );
}

function step1a(word: string): string {
  if (word.endsWith('sses') || word.endsWith('ies')) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

function step1b(word: string): string {
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const suffix = word.endsWith('ed') ? 'ed' : word.endsWith('ing') ? 'ing' : '';
  if (suffix === '') return word;
  const stem = word.slice(0, -suffix.length);
  if (!hasVowel(stem)) return word;
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (endsDouble(stem) && !/[lsz]$/.test(stem)) return stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

function replaceSuffix(word: string, suffixes: Suffixes, above: number): string {
  const found = suffixes.find(([suffix]) => word.endsWith(suffix));
  if (!found) return word;
  const stem = word.slice(0, word.length - found[0].length);
  return measure(stem) > above ? stem + found[1] : word;
}

function step4(word: string): string {
  const suffix = STEP_4.find((end) => word.endsWith(end));
  if (!suffix) return word;
  const stem = word.slice(0, word.length - suffix.length);
  if (measure(stem) <= 1 || (suffix === 'ion' && !/[st]$/.test(stem))) return word;
  return stem;
}

function step5(word: string): string {
  let stem = word;
  if (stem.endsWith('e')) {
    const short = stem.slice(0, -1);
    const count = measure(short);
    if (count > 1 || (count === 1 && !endsShort(short))) stem = short;
  }
  return measure(stem) > 1 && stem.endsWith('ll') ? stem.slice(0, -1) : stem;
}
