import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { coalesce } from '../../src-main/router/coalesce.ts';
import { delta, step } from './router.helper.ts';

const progress = (n: number): object => ({ type: 'progress', n });

function merged(events: readonly unknown[]): unknown[] {
  const batch: unknown[] = [];
  for (const event of events) coalesce(batch, event);
  return batch;
}

describe('a batch', () => {
  it('has neighbouring deltas as one and of neighbouring progress the last', () => {
    const events = [
      delta('a'),
      delta('b'),
      step(1),
      delta('c'),
      progress(1),
      progress(2),
      delta(''),
    ];
    expect(merged(events)).toEqual([delta('ab'), step(1), delta('c'), progress(2), delta('')]);
  });

  it('does not change the events that it was given', () => {
    const first = delta('a');
    merged([first, delta('b')]);
    expect(first).toEqual(delta('a'));
  });

  it.each([null, undefined, 1, 'delta', {}, { type: 'delta' }, { type: 'delta', text: 1 }])(
    'keeps what only looks like a delta (%j)',
    (odd) =>
      expect(merged([delta('a'), odd, odd, delta('b')])).toEqual([
        delta('a'),
        odd,
        odd,
        delta('b'),
      ]),
  );

  it('loses no text and no other event, and keeps their order', () => {
    const event = fc.oneof(
      fc.string().map((text) => delta(text)),
      fc.nat().map((n) => step(n)),
      fc.nat().map((n) => progress(n)),
    );
    const order = (events: readonly unknown[]): string =>
      events
        .map((one) => one as { type: string; text?: string; n?: number })
        .filter(({ type }) => type !== 'progress')
        .map(({ type, text, n }) => (type === 'delta' ? (text ?? '') : `<${n}>`))
        .join('');
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const batch = merged(events);
        expect(order(batch)).toBe(order(events));
        const isLast = (n: number): boolean =>
          JSON.stringify(events).includes(JSON.stringify(progress(n)));
        for (const one of batch as { type: string; n: number }[]) {
          if (one.type === 'progress') expect(isLast(one.n)).toBe(true);
        }
      }),
    );
  });
});
