import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  excerptAround,
  withoutHeadingMarks,
} from '../../../src-renderer/features/knowledge/excerpt.ts';
import { findWords } from '../../../src-renderer/markdown/marked-text.tsx';

describe('excerptAround', () => {
  it('shows the first found words with a little of what stands before', () => {
    const text = `${'before '.repeat(60)}the found word${' after'.repeat(60)}`;
    const start = text.indexOf('found');
    const cut = excerptAround(text, [[start, start + 5]]);
    expect(cut.text).toMatch(/^….*the found word.*…$/u);
    expect(cut.text.length).toBeLessThan(240);
  });

  it('moves marks so that they mark the same words, for any text', () => {
    const texts = fc.string({
      unit: fc.constantFrom('a', 'b', ' ', '\n', 'word ', 'é', '𝛼'),
      maxLength: 300,
    });
    fc.assert(
      fc.property(
        texts,
        fc.array(fc.tuple(fc.nat(600), fc.nat(12)), { maxLength: 6 }),
        (text, raw) => {
          const marks = raw
            .map(([at, length]): [number, number] => {
              const start = at % (text.length + 1);
              return [start, Math.min(text.length, start + length)];
            })
            .filter(([start, end]) => end > start)
            .toSorted((a, b) => a[0] - b[0]);
          const cut = excerptAround(text, marks);
          const words = new Set(
            marks.map(([start, end]) => text.slice(start, end).replaceAll(/[\r\n\t]/gu, ' ')),
          );
          for (const [start, end] of cut.marks) expect(words).toContain(cut.text.slice(start, end));
          if (marks[0] && marks[0][1] - marks[0][0] < 100)
            expect(cut.marks.length).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe('findWords', () => {
  it('finds whatever the case, longest first, with characters that mean something in patterns', () => {
    expect(findWords('The Retry, retry (5).', ['retry', 'retry (5)'])).toEqual([
      [4, 9],
      [11, 20],
    ]);
    expect(findWords('a.b axb', ['a.b'])).toEqual([[0, 3]]);
    expect(findWords('text', ['', ' '])).toEqual([]);
  });
});

describe('withoutHeadingMarks', () => {
  it('leaves the words of headings, with the marks on the same words', () => {
    const text = '# Lamps\n\nOil burns.\n\n## Whale oil\n\nWhale oil # is bright.\n';
    const marks = findWords(text, ['lamps', 'whale oil']);
    const plain = withoutHeadingMarks(text, marks);
    expect(plain.text).toBe('Lamps\n\nOil burns.\n\nWhale oil\n\nWhale oil # is bright.\n');
    expect(plain.marks.map(([start, end]) => plain.text.slice(start, end))).toEqual([
      'Lamps',
      'Whale oil',
      'Whale oil',
    ]);
  });
});
