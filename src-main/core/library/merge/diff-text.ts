import { diffIndices } from 'node-diff3';
import type { FileDiff, Hunk } from '../../../../src-contract/library.ts';
import { commonEnds, linesOf, MAX_LINE_PAIRS, MAX_TEXT_BYTES, textOf } from './text.ts';

/** Unchanged lines shown around a change, as in `diff -u`. */
const CONTEXT_LINES = 3;

/** A run of old lines that new lines stand for. Offsets are 0-based. */
interface Edit {
  readonly oldAt: number;
  readonly oldCount: number;
  readonly newAt: number;
  readonly newCount: number;
}

/**
 * How two texts differ, in hunks with three lines of context. No bytes stand for "no file". Where
 * only the line ends differ, `lineEnds` is true and the hunks show the same text on both sides.
 */
export function diffText(
  oldBytes: Uint8Array,
  newBytes: Uint8Array,
): Pick<FileDiff, 'kind' | 'hunks' | 'lineEnds'> {
  if (Math.max(oldBytes.byteLength, newBytes.byteLength) > MAX_TEXT_BYTES)
    return without('too-large');
  const [oldText, newText] = [textOf(oldBytes), textOf(newBytes)];
  if (oldText === null || newText === null) return without('binary');
  const [before, after] = [linesOf(oldText), linesOf(newText)];
  const edits = editsBetween(before, after);
  if (edits === null) return without('too-large');
  return {
    kind: 'text',
    hunks: group(edits).map((edits) => toHunk(edits, before, after)),
    lineEnds: oldText !== newText && plain(before) === plain(after),
  };
}

function without(kind: 'binary' | 'too-large'): Pick<FileDiff, 'kind' | 'hunks' | 'lineEnds'> {
  return { kind, hunks: [], lineEnds: false };
}

/** Null where there is too much to compare. */
function editsBetween(before: readonly string[], after: readonly string[]): readonly Edit[] | null {
  const { head, tail } = commonEnds(before, after);
  const from = before.slice(head, before.length - tail);
  const to = after.slice(head, after.length - tail);
  if (from.length * to.length > MAX_LINE_PAIRS) return null;
  return diffIndices(from, to).map(
    ({ buffer1: [oldAt, oldCount], buffer2: [newAt, newCount] }) => ({
      oldAt: oldAt + head,
      oldCount,
      newAt: newAt + head,
      newCount,
    }),
  );
}

/** Edits whose context would touch belong together. */
function group(edits: readonly Edit[]): readonly (readonly Edit[])[] {
  const groups: Edit[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const edit of edits) {
    if (edit.oldAt - end <= 2 * CONTEXT_LINES) groups.at(-1)?.push(edit);
    else groups.push([edit]);
    end = edit.oldAt + edit.oldCount;
  }
  return groups;
}

function toHunk(edits: readonly Edit[], before: readonly string[], after: readonly string[]): Hunk {
  const lines: Hunk['lines'] = [];
  const first = edits[0] ?? { oldAt: 0, newAt: 0 };
  const lead = Math.min(CONTEXT_LINES, first.oldAt);
  let at = first.oldAt - lead;
  for (const { oldAt, oldCount, newAt, newCount } of edits) {
    add('same', before.slice(at, oldAt));
    add('removed', before.slice(oldAt, oldAt + oldCount));
    add('added', after.slice(newAt, newAt + newCount));
    at = oldAt + oldCount;
  }
  add('same', before.slice(at, at + CONTEXT_LINES));
  return { oldStart: first.oldAt - lead + 1, newStart: first.newAt - lead + 1, lines };

  function add(op: Hunk['lines'][number]['op'], from: readonly string[]): void {
    for (const line of from) lines.push({ op, text: bare(line) });
  }
}

function plain(lines: readonly string[]): string {
  return lines.map(bare).join('\n');
}

function bare(line: string): string {
  return line.replace(/\r?\n$/, '');
}
