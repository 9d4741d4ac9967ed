import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listTrash, openTrash, readTrash } from '../../../src-main/core/library/files/trash.ts';

let root: string;
let trash: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'carrel-trash-'));
  trash = join(root, 'trash');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const text = (id: string): string => readFileSync(readTrash(trash, id)?.file ?? '', 'utf8');

test('nothing is there until something is taken', () => {
  openTrash(trash, { at: 1, why: 'removed' });
  expect(existsSync(trash)).toBe(false);
  expect(listTrash(trash)).toEqual([]);
});

test('what is taken or kept is listed, newest first, and can be read', () => {
  const from = join(root, 'a.md');
  writeFileSync(from, 'mine');
  const removed = openTrash(trash, { at: 1_000, why: 'removed' }).take(from, 'prompts/a.md');
  const merged = openTrash(trash, { at: 2_000, why: 'merged' }).keep(Buffer.from('äb'), 'b.md');
  expect(existsSync(from)).toBe(false);
  expect(removed).toMatchObject({ path: 'prompts/a.md', at: 1_000, why: 'removed', size: 4 });
  expect(listTrash(trash)).toEqual([merged, removed]);
  expect(text(removed.id)).toBe('mine');
  expect(text(merged.id)).toBe('äb');
});

test('nothing in it is overwritten; the same bytes are kept once', () => {
  const run = { id: 'run', at: 1, why: 'merged' as const };
  const one = openTrash(trash, run).keep(Buffer.from('one'), 'a');
  expect(openTrash(trash, run).keep(Buffer.from('one'), 'a')).toEqual(one);
  const two = openTrash(trash, run).keep(Buffer.from('two'), 'a');
  const inside = openTrash(trash, run).keep(Buffer.from('in'), 'a/b');
  writeFileSync(join(root, 'x'), 'three');
  const three = openTrash(trash, run).take(join(root, 'x'), 'a');
  expect([one, two, inside, three].map(({ id }) => text(id))).toEqual([
    'one',
    'two',
    'in',
    'three',
  ]);
  expect(listTrash(trash)).toHaveLength(4);
});

test('an id leads nowhere else', () => {
  openTrash(trash, { id: 'run', at: 1, why: 'removed' }).keep(Buffer.from('x'), 'a');
  writeFileSync(join(root, 'outside'), 'secret');
  for (const id of ['', 'run', 'run/', 'run/b', '../outside', 'run/../trash.json', '/a', 'no/a']) {
    expect(readTrash(trash, id), id).toBeNull();
  }
  writeFileSync(join(trash, 'litter'), '');
  expect(listTrash(trash)).toHaveLength(1);
});

test('a file that a person named like an unfinished one is listed; what was not finished is not', () => {
  const run = openTrash(trash, { id: 'run', at: 1, why: 'removed' });
  run.keep(Buffer.from('mine'), 'notes.tmp');
  writeFileSync(join(trash, 'run', 'files', '0123456789abcdef.tmp'), 'half');
  expect(listTrash(trash).map(({ path }) => path)).toEqual(['notes.tmp']);
});
