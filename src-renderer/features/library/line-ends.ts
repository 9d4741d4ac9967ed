/** A text as a text box has it: every line end is one character. */
export function toLf(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/** Lines with their ends. */
function withEnds(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/gu) ?? [];
}

const bare = (line: string): string => line.replace(/\r?\n$/u, '');

/**
 * Gives a text that was written in a text box the line ends of the one it came from: lines before
 * and after the edit keep their own, new ones get what most lines have.
 */
export function withEndsOf(source: string, written: string): string {
  if (!source.includes('\r\n')) return written;
  const old = withEnds(source);
  const now = withEnds(written);
  const same = (a: string | undefined, b: string | undefined): boolean =>
    a !== undefined &&
    b !== undefined &&
    bare(a) === bare(b) &&
    a.endsWith('\n') === b.endsWith('\n');
  let start = 0;
  while (start < now.length && same(old[start], now[start])) start += 1;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && same(old.at(-1 - end), now.at(-1 - end)))
    end += 1;
  const windows = old.filter((line) => line.endsWith('\r\n')).length * 2 > old.length;
  const middle = now
    .slice(start, now.length - end)
    .map((line) => (windows ? line.replace(/\n$/u, '\r\n') : line));
  return [...old.slice(0, start), ...middle, ...old.slice(old.length - end)].join('');
}
