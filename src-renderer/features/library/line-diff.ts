import type { FileDiff, Hunk } from '../../../src-contract/library.ts';

/** Same lines shown around what differs. */
const CONTEXT = 3;

type Line = Hunk['lines'][number];

/** Lines of a text, without their ends; an end at the end makes no line. */
export function linesOf(text: string): string[] {
  if (text === '') return [];
  const lines = text.split(/\r\n|\n/u);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/**
 * How a text that is not stored anywhere differs from another: one hunk from the first line that
 * differs to the last. Right, if not always the shortest; what is stored the engine compares.
 */
export function diffTexts(path: string, before: string | null, after: string | null): FileDiff {
  const old = linesOf(before ?? '');
  const now = linesOf(after ?? '');
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  const most = Math.min(old.length, now.length) - start;
  while (end < most && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const from = Math.max(0, start - CONTEXT);
  const same = (text: string): Line => ({ op: 'same', text });
  const lines: Line[] = [
    ...old.slice(from, start).map(same),
    ...old.slice(start, old.length - end).map((text): Line => ({ op: 'removed', text })),
    ...now.slice(start, now.length - end).map((text): Line => ({ op: 'added', text })),
    ...now.slice(now.length - end, now.length - end + CONTEXT).map(same),
  ];
  const differs = lines.some(({ op }) => op !== 'same');
  return {
    path,
    change:
      before === null
        ? 'added'
        : after === null
          ? 'deleted'
          : before === after
            ? 'same'
            : 'modified',
    kind: 'text',
    hunks: differs ? [{ oldStart: from + 1, newStart: from + 1, lines }] : [],
    lineEnds: !differs && before !== null && after !== null && before !== after,
    oldSize: size(before),
    newSize: size(after),
  };
}

function size(text: string | null): number {
  return text === null ? 0 : new TextEncoder().encode(text).length;
}
