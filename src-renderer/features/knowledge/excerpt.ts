/** Characters of a result that are shown: three lines of the column. */
const EXCERPT_CHARS = 220;
/** Characters before the first found word. */
const LEAD_CHARS = 60;

type Mark = readonly [number, number];

/** A passage without the number signs of its headings, with the marks moved along. */
export function withoutHeadingMarks(
  text: string,
  marks: readonly Mark[],
): { readonly text: string; readonly marks: readonly Mark[] } {
  const signs = [...text.matchAll(/^#{1,6} +/gmu)].map((found) => ({
    end: found.index + found[0].length,
    length: found[0].length,
  }));
  const before = (at: number): number =>
    signs.reduce((sum, { end, length }) => (end <= at ? sum + length : sum), 0);
  return {
    text: text.replaceAll(/^#{1,6} +/gmu, ''),
    marks: marks.map(([start, end]) => [start - before(start), end - before(end)]),
  };
}

/** The part of a passage around its first found words, in one line, with the marks moved along. */
export function excerptAround(
  text: string,
  marks: readonly Mark[],
): { readonly text: string; readonly marks: readonly Mark[] } {
  const first = marks[0]?.[0] ?? 0;
  let from = Math.max(0, first - LEAD_CHARS);
  if (from > 0) from = Math.max(from, text.lastIndexOf(' ', from + 20) + 1);
  if (from > first) from = first;
  const to = Math.min(text.length, from + EXCERPT_CHARS);
  // Line ends become blanks one by one, so that offsets stay true.
  const part = text.slice(from, to).replaceAll(/[\r\n\t]/gu, ' ');
  const lead = from > 0 ? '…' : '';
  const shift = lead.length - from;
  return {
    text: lead + part + (to < text.length ? '…' : ''),
    marks: marks
      .filter(([start, end]) => start >= from && end <= to)
      .map(([start, end]) => [start + shift, end + shift]),
  };
}
