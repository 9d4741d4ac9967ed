import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { id as schema } from '../../../src-contract/common.ts';
import { newId } from '../../../src-main/core/shared/ids.ts';

describe('ids', () => {
  it('are what the contract takes, at any time until the year 5000', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(5000, 0) }), (now) => {
        const id = newId(now);
        expect(id).toHaveLength(21);
        expect(schema().safeParse(id).success).toBe(true);
      }),
    );
  });

  it('sort by their time', () => {
    const time = fc.integer({ min: 0, max: Date.UTC(5000, 0) });
    fc.assert(
      fc.property(time, time, (a, b) => {
        fc.pre(a < b);
        expect(newId(a) < newId(b)).toBe(true);
      }),
    );
  });

  it('differ within a millisecond', () => {
    const ids = Array.from({ length: 50_000 }, () => newId(7));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('are of the time that it is', () => {
    const before = newId(Date.now()).slice(0, 9);
    const now = newId().slice(0, 9);
    const after = newId(Date.now()).slice(0, 9);
    expect(before <= now && now <= after).toBe(true);
  });
});
