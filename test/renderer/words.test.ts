import fc from 'fast-check';
import { expect, test } from 'vitest';
import { marksOf, readSnippet } from '../../src-renderer/frame/palette-match.ts';
import { addressProblem, providerIdFor } from '../../src-renderer/providers-state.ts';
import { asTheme } from '../../src-renderer/theme/theme.ts';
import {
  bytes,
  counted,
  cutMiddle,
  duration,
  longTime,
  shortTime,
} from '../../src-renderer/ui/format.ts';

test('numbers, sizes and times', () => {
  expect(counted(1, 'file')).toBe('1 file');
  expect(counted(1204, 'file')).toBe('1,204 files');
  expect([bytes(0), bytes(999), bytes(1_000), bytes(41_200_000), bytes(1_200_000_000)]).toEqual([
    '0 bytes',
    '999 bytes',
    '1.0 KB',
    '41 MB',
    '1.2 GB',
  ]);
  expect([
    duration(74),
    duration(1_700),
    duration(180_000),
    duration(15_600_000),
    duration(273_600_000),
  ]).toEqual(['74 ms', '1.7 s', '3 min', '4 h 20 min', '3 d 4 h']);
});

test('moments, as a person says them', () => {
  const now = new Date(2026, 10, 20, 12).getTime();
  expect(shortTime(new Date(2026, 10, 20, 10, 42).getTime(), now)).toBe('10:42');
  expect(shortTime(new Date(2026, 10, 19, 23, 59).getTime(), now)).toBe('Yesterday');
  expect(longTime(new Date(2026, 10, 19, 16, 4).getTime(), now)).toBe('Yesterday 16:04');
  expect(shortTime(new Date(2026, 10, 2).getTime(), now)).toBe('2 Nov');
  expect(shortTime(new Date(2025, 10, 2).getTime(), now)).toBe('2 Nov 2025');
});

test('a path is cut in the middle, never longer than asked', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 3, max: 80 }), (text, max) => {
      const cut = cutMiddle(text, max);
      expect(cut.length).toBeLessThanOrEqual(Math.max(max, 0));
      if (text.length <= max) expect(cut).toBe(text);
    }),
  );
});

test('marks stand in order, do not overlap, and mark what was typed', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 12 }), (title, query) => {
      let at = 0;
      for (const [start, end] of marksOf(title, query)) {
        expect(start).toBeGreaterThanOrEqual(at);
        expect(query.toLowerCase()).toContain(title.slice(start, end).toLowerCase());
        at = end;
      }
    }),
  );
});

test('a snippet loses its mark characters and keeps its words', () => {
  expect(readSnippet('a \uE000retry\uE001 hides')).toEqual({
    text: 'a retry hides',
    marks: [[2, 7]],
  });
});

test('a snippet begins shortly before its first found word, without marks of Markdown', () => {
  const { text, marks } = readSnippet(
    'We try **five times** over about six hours and only then \uE000alert\uE001 the `owner`',
  );
  expect(text).toBe('…about six hours and only then alert the owner');
  expect(marks.map(([start, end]) => text.slice(start, end))).toEqual(['alert']);
});

test('an id for a provider comes from its address', () => {
  expect(providerIdFor('https://api.openai.com/v1')).toBe('openai');
  expect(providerIdFor('http://127.0.0.1:11434/v1')).toBe('local-11434');
  expect(providerIdFor('http://192.168.1.5:8000')).toBe('192.168.1.5');
  expect(providerIdFor('nonsense')).toBeNull();
  expect(addressProblem('htps://x')).toContain('https://');
  expect(addressProblem('https://x')).toBeNull();
});

test('what is no theme is the computer’s own', () => {
  expect(asTheme('dark')).toBe('dark');
  expect(asTheme('blue')).toBe('system');
  expect(asTheme(null)).toBe('system');
});
