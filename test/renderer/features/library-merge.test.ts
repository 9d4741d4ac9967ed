import { expect, test } from 'vitest';
import type { MergeChunk } from '../../../src-contract/library.ts';
import {
  mergedText,
  resultLines,
  sidesOf,
  textToEdit,
} from '../../../src-renderer/features/library/merge-result.ts';

const chunks: readonly MergeChunk[] = [
  { kind: 'merged', text: '# Title\n' },
  { kind: 'conflict', base: '', mine: 'mine 1\n', theirs: 'theirs 1\n' },
  { kind: 'merged', text: 'between\n' },
  { kind: 'conflict', base: 'old\n', mine: 'mine 2', theirs: 'theirs 2' },
];

test('a result is there once each difference has a choice', () => {
  expect(mergedText(chunks, {})).toBeNull();
  expect(mergedText(chunks, { 0: 'mine' })).toBeNull();
  expect(mergedText(chunks, { 0: 'mine', 1: 'theirs' })).toBe('# Title\nmine 1\nbetween\ntheirs 2');
  expect(mergedText(chunks, { 0: 'both', 1: { text: 'written\n' } })).toBe(
    '# Title\ntheirs 1\nmine 1\nbetween\nwritten\n',
  );
});

test('both sides of a last line without an end stay two lines', () => {
  expect(mergedText(chunks, { 0: 'mine', 1: 'both' })).toBe(
    '# Title\nmine 1\nbetween\ntheirs 2\nmine 2',
  );
});

test('what is written without a last line end does not run into the next line', () => {
  const text = mergedText(chunks, { 0: { text: 'written' }, 1: { text: 'at the end' } });
  expect(text).toBe('# Title\nwritten\nbetween\nat the end\n');
  expect(mergedText(chunks, { 0: { text: '' }, 1: 'mine' })).toBe('# Title\nbetween\nmine 2');
});

test('who begins to write before choosing loses neither side', () => {
  const text = textToEdit(chunks, { 0: 'theirs' });
  expect(text).toBe('# Title\ntheirs 1\nbetween\ntheirs 2\nmine 2');
});

test('each line of the result says whose it is', () => {
  expect(resultLines(chunks, { 0: 'both' })).toEqual([
    { from: null, text: '# Title', difference: null },
    { from: 'theirs', text: 'theirs 1', difference: 0 },
    { from: 'mine', text: 'mine 1', difference: 0 },
    { from: null, text: 'between', difference: null },
    { from: 'open', text: 'Difference 2 goes here', difference: 1 },
  ]);
});

test('choices belong to the two sides they were made for', () => {
  const side = (oid: string) => ({ oid, size: 1 });
  expect(sidesOf({ mine: side('a'), theirs: side('b') })).not.toBe(
    sidesOf({ mine: side('a'), theirs: side('c') }),
  );
  expect(sidesOf({ mine: null, theirs: side('b') })).not.toBe(
    sidesOf({ mine: side('b'), theirs: null }),
  );
});
