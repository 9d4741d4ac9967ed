import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diffText } from '../../../src-main/core/library/merge/diff-text.ts';
import { mergeText } from '../../../src-main/core/library/merge/merge-text.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');
/** Few different lines, all kinds of line ends: what makes merges hard. */
const line = fc.tuple(fc.constantFrom('a', 'b', 'c', 'x', '', 'ä'), fc.constantFrom('\n', '\r\n'));
const text = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('', 'end'))
  .map(([lines, last]) => lines.map(([text, end]) => text + end).join('') + last);

function merged(base: string, mine: string, theirs: string): string | null {
  const result = mergeText(bytes(base), bytes(mine), bytes(theirs));
  return result.kind === 'clean' ? result.bytes.toString('utf8') : null;
}

describe('merge of texts', () => {
  test('takes what only one side changed, byte for byte', () => {
    expect(merged('a\r\nb\r\nc', 'A\r\nb\r\nc', 'a\r\nb\r\nC')).toBe('A\r\nb\r\nC');
    expect(merged('\ufeffa\nb\n', '\ufeffa\nb\n', '\ufeffa\nc\n')).toBe('\ufeffa\nc\n');
    expect(merged('a\nb', 'a\nb\n', 'z\na\nb')).toBe('z\na\nb\n');
    expect(merged('1\n2\n3\n4\n5\n', '1\nm\n3\n4\n5\n', '1\n2\n3\nt\n5\n')).toBe('1\nm\n3\nt\n5\n');
  });

  test('the same change on both sides is no conflict', () => {
    expect(merged('a\nb\n', 'a\nc\n', 'a\nc\n')).toBe('a\nc\n');
    expect(merged('', 'same\n', 'same\n')).toBe('same\n');
  });

  test('says piece by piece where lines overlap, and joins to each side', () => {
    expect(mergeText(bytes('a\nb\nc\n'), bytes('a\nm\nc\n'), bytes('a\nt\nc\n'))).toEqual({
      kind: 'conflict',
      chunks: [
        { kind: 'merged', text: 'a\n' },
        { kind: 'conflict', base: 'b\n', mine: 'm\n', theirs: 't\n' },
        { kind: 'merged', text: 'c\n' },
      ],
    });
  });

  test('changes next to each other, and a changed line end against a changed line, are a conflict', () => {
    expect(merged('a\nb\n', 'A\nb\n', 'a\nB\n')).toBeNull();
    expect(merged('a\nb\n', 'a\r\nb\r\n', 'a\nB\n')).toBeNull();
  });

  test.each([
    ['a NUL', Buffer.from('a\0b')],
    ['invalid UTF-8', Buffer.from([0x61, 0xff, 0x0a])],
    ['half of a surrogate pair', Buffer.from([0xed, 0xa0, 0x80])],
    ['more than a megabyte', Buffer.alloc(1_000_001, 'a')],
  ])('does not merge %s', (_what, odd) => {
    expect(mergeText(bytes('a'), odd, bytes('b'))).toEqual({ kind: 'not-text' });
    expect(mergeText(odd, bytes('a'), bytes('b'))).toEqual({ kind: 'not-text' });
  });

  test('many lines that are all different are one conflict, soon', () => {
    const lines = (word: string) => bytes(`${word}\n`.repeat(150_000));
    const result = mergeText(lines('a'), lines('b'), lines('c'));
    expect(result).toMatchObject({ kind: 'conflict', chunks: [{ kind: 'conflict' }] });
  });

  test('property: laws that any merge keeps', () => {
    fc.assert(
      fc.property(text, text, text, (o, a, b) => {
        expect(merged(o, a, o)).toBe(a);
        expect(merged(o, o, b)).toBe(b);
        expect(merged(o, a, a)).toBe(a);
        const one = mergeText(bytes(o), bytes(a), bytes(b));
        const other = mergeText(bytes(o), bytes(b), bytes(a));
        expect(one.kind).toBe(other.kind);
        if (one.kind === 'clean') expect(other).toEqual(one);
        if (one.kind === 'conflict') {
          // With one side taken everywhere, the pieces still hold each change of that side.
          expect(one.chunks.some(({ kind }) => kind === 'conflict')).toBe(true);
          for (const chunk of one.chunks) {
            if (chunk.kind === 'conflict') expect(chunk.mine).not.toBe(chunk.theirs);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('difference of texts', () => {
  const lines = (from: number, to: number): string =>
    Array.from({ length: to - from + 1 }, (_, n) => `${from + n}\n`).join('');

  test('has three lines of context, and parts where there is more between', () => {
    const before = lines(1, 30);
    const after = before.replace('5\n', 'five\n').replace('25\n', '');
    const { hunks } = diffText(bytes(before), bytes(after));
    expect(
      hunks.map(({ oldStart, newStart, lines }) => [oldStart, newStart, lines.length]),
    ).toEqual([
      [2, 2, 8],
      [22, 22, 7],
    ]);
    expect(hunks[0]?.lines.slice(3, 5)).toEqual([
      { op: 'removed', text: '5' },
      { op: 'added', text: 'five' },
    ]);
  });

  test('of a file that is new, gone, the same', () => {
    expect(diffText(bytes(''), bytes('a\nb')).hunks).toEqual([
      {
        oldStart: 1,
        newStart: 1,
        lines: [
          { op: 'added', text: 'a' },
          { op: 'added', text: 'b' },
        ],
      },
    ]);
    expect(diffText(bytes('a\n'), bytes('a\n'))).toEqual({
      kind: 'text',
      hunks: [],
      lineEnds: false,
    });
  });

  test('says where only line ends differ', () => {
    expect(diffText(bytes('a\r\nb\r\n'), bytes('a\nb\n'))).toMatchObject({ lineEnds: true });
    expect(diffText(bytes('a\nb'), bytes('a\nb\n'))).toMatchObject({ lineEnds: true });
    expect(diffText(bytes('a\r\nb\r\n'), bytes('a\nc\n'))).toMatchObject({ lineEnds: false });
  });

  test('has no hunks for bytes and for what is too large', () => {
    expect(diffText(bytes('a'), Buffer.from([0]))).toMatchObject({ kind: 'binary', hunks: [] });
    expect(diffText(bytes('a'), Buffer.alloc(1_000_001, 'a'))).toMatchObject({ kind: 'too-large' });
  });

  test('property: the hunks turn the old lines into the new ones', () => {
    const bare = (text: string): string[] =>
      (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) => line.replace(/\r?\n$/, ''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const out = bare(before);
        for (const { oldStart, lines } of diffText(
          bytes(before),
          bytes(after),
        ).hunks.toReversed()) {
          const old = lines.filter(({ op }) => op !== 'added').map(({ text }) => text);
          expect(out.slice(oldStart - 1, oldStart - 1 + old.length)).toEqual(old);
          const now = lines.filter(({ op }) => op !== 'removed').map(({ text }) => text);
          out.splice(oldStart - 1, old.length, ...now);
        }
        expect(out).toEqual(bare(after));
      }),
      { numRuns: 500 },
    );
  });
});
