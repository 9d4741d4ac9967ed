import {
  MAX_LINE_CHARS,
  MAX_SHOWN_CHARS,
  MAX_SHOWN_LINE_CHARS,
  MAX_SHOWN_LINES,
} from '../limits.ts';
import { isBlank } from './lines.ts';
import type { Mark, Wanted } from './marks.ts';

/** Part of a passage that is shown: whole lines, 1-based and inclusive. */
export interface Shown {
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
  readonly marks: Mark[];
}

export interface LineRange {
  readonly startLine: number;
  readonly endLine: number;
}

/**
 * Characters of a changed document that are searched for a passage's new place: 10 ms of the engine's
 * time. Most documents are shorter; in a log of megabytes a passage does not move far.
 */
const MAX_SEARCHED_CHARS = 200_000;

/** The lines around `line` where a passage may be now: all of a document that is not too long. */
export function nearby(lines: readonly string[], line: number): LineRange {
  const cost = (index: number): number => Math.min(lines[index]?.length ?? 0, MAX_LINE_CHARS) + 1;
  let from = Math.min(Math.max(line, 1), lines.length) - 1;
  let to = from;
  let chars = 0;
  while (from > 0 || to < lines.length) {
    const isDown = to < lines.length && (from === 0 || to - line < line - from);
    chars += cost(isDown ? to : from - 1);
    if (chars > MAX_SEARCHED_CHARS) break;
    if (isDown) to += 1;
    else from -= 1;
  }
  return { startLine: from + 1, endLine: to };
}

/**
 * The lines of a range that fit a screenful and have most of the wanted words. A range that fits
 * is shown whole. Null where the range has no line.
 */
export function bestWindow(
  lines: readonly string[],
  range: LineRange,
  wanted: Wanted,
): Shown | null {
  const first = Math.max(0, range.startLine - 1);
  const end = Math.min(lines.length, range.endLine);
  if (first >= end) return null;
  let best = { from: first, to: fit(lines, first, end) };
  if (best.to < end) {
    const value = lines.slice(first, end).map((line) => wanted.distinct(indexedPart(line)));
    const sum = (from: number, to: number): number =>
      value.slice(from - first, to - first).reduce((total, n) => total + n, 0);
    let bestSum = sum(best.from, best.to);
    for (let from = first + 1; from < end; from += 1) {
      // A window that begins with a blank line or in the middle of a paragraph reads worse.
      if (isBlank(lines[from])) continue;
      const to = fit(lines, from, end);
      const here = sum(from, to);
      if (here > bestSum) {
        best = { from, to };
        bestSum = here;
      }
      if (to === end && here === 0) break;
    }
    best.from = leadIn(lines, best, first, value);
  }
  while (best.to > best.from + 1 && isBlank(lines[best.to - 1])) best.to -= 1;
  const text = lines
    .slice(best.from, best.to)
    .map((line) => shorten(line, wanted))
    .join('\n');
  return { startLine: best.from + 1, endLine: best.to, text, marks: wanted.marks(text) };
}

/** End (exclusive) of the longest window from `from` that fits; one line always does. */
function fit(lines: readonly string[], from: number, end: number): number {
  let chars = 0;
  let to = from;
  while (to < end && to - from < MAX_SHOWN_LINES) {
    chars += Math.min(lines[to]?.length ?? 0, MAX_SHOWN_LINE_CHARS) + 1;
    if (to > from && chars > MAX_SHOWN_CHARS) break;
    to += 1;
  }
  return to;
}

/** The first window with the most words begins at its last possible line: give it the lines before, as far as the end has none to lose. */
function leadIn(
  lines: readonly string[],
  window: { from: number; to: number },
  first: number,
  value: readonly number[],
): number {
  let from = window.from;
  while (from > first) {
    const to = fit(lines, from - 1, window.to);
    const lost = value.slice(to - first, window.to - first);
    if (lost.some((n) => n > 0)) break;
    if (window.from - from >= MAX_SHOWN_LINES / 3) break;
    from -= 1;
    window.to = to;
  }
  while (from < window.from && isBlank(lines[from])) from += 1;
  return from;
}

/** Nobody found the rest of a line, and looking for words in megabytes of it would hold the engine up for seconds. */
function indexedPart(line: string): string {
  return line.slice(0, MAX_LINE_CHARS);
}

/** A line too long to show, cut to the part around its first wanted word. */
export function shorten(line: string, wanted: Wanted | null = null): string {
  if (line.length <= MAX_SHOWN_LINE_CHARS) return line;
  const at = wanted?.marks(indexedPart(line))[0]?.[0] ?? 0;
  const from = Math.max(
    0,
    Math.min(at - MAX_SHOWN_LINE_CHARS / 4, line.length - MAX_SHOWN_LINE_CHARS),
  );
  const part = line.slice(from, from + MAX_SHOWN_LINE_CHARS).toWellFormed();
  return `${from > 0 ? '…' : ''}${part}${from + MAX_SHOWN_LINE_CHARS < line.length ? '…' : ''}`;
}
