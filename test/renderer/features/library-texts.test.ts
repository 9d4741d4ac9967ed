import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffTexts, linesOf } from '../../../src-renderer/features/library/line-diff.ts';
import { toLf, withEndsOf } from '../../../src-renderer/features/library/line-ends.ts';

const line = fc.constantFrom('', 'a', 'b', 'a long line', '  - x');
const lines = fc.array(line, { maxLength: 12 });
const text = fc.tuple(lines, fc.boolean()).map(([all, end]) => all.join('\n') + (end ? '\n' : ''));

test('a difference gives back both texts, line by line', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const { hunks, change } = diffTexts('p', before, after);
      expect(change === 'same').toBe(before === after);
      expect(hunks.length).toBeLessThanOrEqual(1);
      const [hunk] = hunks;
      if (!hunk) {
        expect(linesOf(before)).toEqual(linesOf(after));
        return;
      }
      const side = (not: 'added' | 'removed') =>
        hunk.lines.filter(({ op }) => op !== not).map(({ text }) => text);
      const at = hunk.oldStart - 1;
      const old = side('added');
      const now = side('removed');
      expect(linesOf(before).slice(at, at + old.length)).toEqual(old);
      expect(linesOf(after).slice(at, at + now.length)).toEqual(now);
      // What the hunk leaves out is the same on both sides.
      expect(linesOf(before).slice(0, at)).toEqual(linesOf(after).slice(0, at));
      expect(linesOf(before).slice(at + old.length)).toEqual(linesOf(after).slice(at + now.length));
    }),
  );
});

test('a text that is not there is all added or all removed; line ends alone are said', () => {
  expect(diffTexts('p', null, 'a\nb\n')).toMatchObject({
    change: 'added',
    hunks: [{ lines: [{ op: 'added' }, { op: 'added' }] }],
  });
  expect(diffTexts('p', 'a\n', null)).toMatchObject({ change: 'deleted', newSize: 0 });
  expect(diffTexts('p', 'a\r\nb\r\n', 'a\nb\n')).toMatchObject({ lineEnds: true, hunks: [] });
});

test('a text that was only shown in a text box comes back byte for byte', () => {
  const ends = fc.constantFrom('\n', '\r\n');
  const mixed = fc
    .tuple(fc.array(fc.tuple(line, ends), { maxLength: 10 }), line)
    .map(([all, last]) => all.map(([words, end]) => words + end).join('') + last);
  fc.assert(
    fc.property(mixed, (source) => {
      expect(withEndsOf(source, toLf(source))).toBe(source);
    }),
  );
});

test('an edit keeps the line ends around it; new lines get those of most', () => {
  expect(withEndsOf('a\r\nb\r\nc\r\n', 'a\nB\nB2\nc\n')).toBe('a\r\nB\r\nB2\r\nc\r\n');
  expect(withEndsOf('a\r\nb\nc\nd\n', 'a\nx\nb\nc\nd\n')).toBe('a\r\nx\nb\nc\nd\n');
  expect(withEndsOf('a\nb\n', 'a\nc\n')).toBe('a\nc\n');
  fc.assert(
    fc.property(text, text, (source, written) => {
      const windows = source.replaceAll('\n', '\r\n');
      expect(toLf(withEndsOf(windows, written))).toBe(written);
    }),
  );
});
