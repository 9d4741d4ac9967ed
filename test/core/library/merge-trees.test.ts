import { describe, expect, test } from 'vitest';
import {
  mergeTrees,
  parentsOf,
  type SideChange,
} from '../../../src-main/core/library/merge/merge-trees.ts';

const modified = (path: string, to: string): SideChange => ({ path, oldOid: 'base', newOid: to });
const added = (path: string, oid: string): SideChange => ({ path, oldOid: null, newOid: oid });
const deleted = (path: string): SideChange => ({ path, oldOid: 'base', newOid: null });

/** Merges by joining the names; what is called `binary` can't be. */
const join = async (_base: string, mine: string, theirs: string): Promise<string | null> =>
  [mine, theirs].includes('binary') ? null : `${mine}+${theirs}`;

const merge = (mine: readonly SideChange[], theirs: readonly SideChange[]) =>
  mergeTrees(mine, theirs, join);

describe('a path that one side changed', () => {
  test('mine is taken', async () => {
    const { take, merged, dropped } = await merge(
      [modified('a', '1'), added('b', '2'), deleted('c')],
      [modified('x', '3')],
    );
    expect(Object.fromEntries(take)).toEqual({ a: '1', b: '2', c: null });
    expect([merged, dropped]).toEqual([[], []]);
  });

  test('theirs needs nothing', async () => {
    const { take } = await merge([], [modified('x', '3'), deleted('y')]);
    expect(take.size).toBe(0);
  });
});

describe('a path that both changed', () => {
  test('in the same way is done already', async () => {
    const { take, merged, dropped } = await merge(
      [modified('a', '1'), deleted('b'), added('c', '2')],
      [modified('a', '1'), deleted('b'), added('c', '2')],
    );
    expect([take.size, merged, dropped]).toEqual([0, [], []]);
  });

  test('is merged, and what was mine is told', async () => {
    const { take, merged, dropped } = await merge([modified('a', '1')], [modified('a', '2')]);
    expect(Object.fromEntries(take)).toEqual({ a: '1+2' });
    expect(merged).toEqual([{ path: 'a', mine: '1' }]);
    expect(dropped).toEqual([]);
  });

  test('is dropped where it can’t be merged, one side deleted it, or both added it', async () => {
    const { take, dropped } = await merge(
      [modified('a', 'binary'), deleted('b'), modified('c', '1'), added('d', '1')],
      [modified('a', '2'), modified('b', '2'), deleted('c'), added('d', '2')],
    );
    expect(take.size).toBe(0);
    expect(dropped).toEqual([
      { path: 'a', base: 'base', mine: 'binary' },
      { path: 'b', base: 'base', mine: null },
      { path: 'c', base: 'base', mine: '1' },
      { path: 'd', base: null, mine: '1' },
    ]);
  });
});

describe('a file here and a folder there', () => {
  test('mine is dropped, whichever it is', async () => {
    const file = await merge([added('place', '1')], [added('place/inner', '2')]);
    expect(file.take.size).toBe(0);
    expect(file.dropped).toEqual([{ path: 'place', base: null, mine: '1' }]);
    const folder = await merge(
      [added('place/inner', '1'), added('other', '1')],
      [added('place', '2')],
    );
    expect(Object.fromEntries(folder.take)).toEqual({ other: '1' });
    expect(folder.dropped).toEqual([{ path: 'place/inner', base: null, mine: '1' }]);
  });

  test('mine is taken where I took the other out of the way', async () => {
    const { take, dropped } = await merge([deleted('place'), added('place/inner', '1')], []);
    expect(Object.fromEntries(take)).toEqual({ place: null, 'place/inner': '1' });
    expect(dropped).toEqual([]);
  });

  test('mine is dropped where what I took away had changed and stays', async () => {
    const { take, dropped } = await merge(
      [deleted('place'), added('place/inner', '1')],
      [modified('place', '2')],
    );
    expect(take.size).toBe(0);
    expect(dropped.map(({ path }) => path).toSorted()).toEqual(['place', 'place/inner']);
  });

  test('names that only begin alike are strangers', async () => {
    const { take } = await merge(
      [added('place', '1')],
      [added('place2/inner', '2'), added('places', '2')],
    );
    expect(Object.fromEntries(take)).toEqual({ place: '1' });
  });
});

test('the folders of a path', () => {
  expect(parentsOf('a/b/c.md')).toEqual(['a', 'a/b']);
  expect(parentsOf('a.md')).toEqual([]);
});
