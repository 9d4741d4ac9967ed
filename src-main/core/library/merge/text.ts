/** A text that is merged or shown as a difference, bytes: the longest item that crosses the border as text. */
export const MAX_TEXT_BYTES = 1_000_000;
/**
 * Lines of one side times lines of the other that are compared, after what is equal at both ends is
 * left out. The comparison takes as many steps: 10,000 changed lines on each side take half a second.
 */
export const MAX_LINE_PAIRS = 100_000_000;

/** The bytes as text; null where they are not exactly one (invalid UTF-8, a NUL) or too long to be compared. */
export function textOf(bytes: Uint8Array): string | null {
  if (bytes.byteLength > MAX_TEXT_BYTES || bytes.includes(0)) return null;
  try {
    // The byte order mark is a part of the text: it must survive.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** Lines with their line ends, so that joining them gives the same text again. The last may have none. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** How many lines all of these have in common at their start, and behind that at their end. */
export function commonEnds(...sides: readonly (readonly string[])[]): {
  readonly head: number;
  readonly tail: number;
} {
  const [first = [], ...others] = sides;
  const shortest = Math.min(...sides.map(({ length }) => length));
  let head = 0;
  while (head < shortest && others.every((side) => side[head] === first[head])) head += 1;
  let tail = 0;
  while (
    tail < shortest - head &&
    others.every((side) => side[side.length - 1 - tail] === first[first.length - 1 - tail])
  ) {
    tail += 1;
  }
  return { head, tail };
}
