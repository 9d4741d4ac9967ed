import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineFrame } from '../../src-contract/protocol.ts';
import { ok } from '../../src-contract/result.ts';
import { OutStream } from '../../src-main/router/out-stream.ts';
import { delta, step } from './router.helper.ts';

let frames: EngineFrame[];
let stream: OutStream;

beforeEach(() => {
  vi.useFakeTimers();
  frames = [];
  stream = new OutStream(7, (frame) => frames.push(frame));
});
afterEach(() => vi.useRealTimers());

const batches = (): (readonly unknown[])[] =>
  frames.flatMap((frame) => (frame.t === 'events' ? [frame.events] : []));
const lastBatch = (): number => {
  const last = frames.findLast((frame) => frame.t === 'events');
  return last?.t === 'events' ? last.batch : 0;
};

/** Whether a promise is settled, without waiting for it. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = (): void => {
    settled = true;
  };
  promise.then(note, note);
  await vi.advanceTimersByTimeAsync(0);
  return settled;
}

describe('events', () => {
  it('go out at once: the first, and the first delta', async () => {
    await stream.emit(step(1));
    expect(batches()).toEqual([[step(1)]]);
    await stream.emit(step(2));
    expect(batches()).toHaveLength(1);
    await stream.emit(delta('a'));
    expect(batches()).toEqual([[step(1)], [step(2), delta('a')]]);
  });

  it('after those go out once in 16 ms, merged', async () => {
    await stream.emit(delta('a'));
    for (const text of ['b', 'c', 'd']) await stream.emit(delta(text));
    await vi.advanceTimersByTimeAsync(15);
    expect(batches()).toEqual([[delta('a')]]);
    await vi.advanceTimersByTimeAsync(1);
    expect(batches()).toEqual([[delta('a')], [delta('bcd')]]);
    await stream.emit(delta('e'));
    await vi.advanceTimersByTimeAsync(16);
    expect(batches()).toEqual([[delta('a')], [delta('bcd')], [delta('e')]]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(frames).toHaveLength(3);
  });

  it('that are held go out before the end, and nothing after it', async () => {
    await stream.emit(delta('a'));
    await stream.emit(delta('b'));
    stream.end(ok(null));
    stream.end(ok(null));
    await stream.emit(delta('c'));
    await vi.advanceTimersByTimeAsync(100);
    expect(frames).toEqual([
      { t: 'events', stream: 7, batch: 1, events: [delta('a')] },
      { t: 'events', stream: 7, batch: 2, events: [delta('b')] },
      { t: 'end', stream: 7, result: ok(null) },
    ]);
  });
});

describe('a client that is behind', () => {
  /** Emits until the producer is made to wait. */
  async function fill(): Promise<{ emit: Promise<void> }> {
    for (let n = 0; ; n += 1) {
      const emitted = stream.emit(step(n));
      await vi.advanceTimersByTimeAsync(16);
      // Wrapped, because a promise that is returned is waited for.
      if (!(await isDone(emitted))) return { emit: emitted };
      expect(n).toBeLessThan(100);
    }
  }

  it('makes a producer that waits wait, with 32 batches on their way', async () => {
    const waiting = await fill();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(lastBatch()).toBe(32);
    expect(await isDone(waiting.emit)).toBe(false);
    stream.ack(1);
    expect(await isDone(waiting.emit)).toBe(true);
  });

  it('is not flooded by a producer that does not wait; nothing is lost', async () => {
    for (let n = 0; n < 500; n += 1) {
      void stream.emit(delta(`${n},`));
      await vi.advanceTimersByTimeAsync(16);
    }
    expect(lastBatch()).toBe(32);
    for (let acked = 1; acked <= lastBatch(); acked += 1) stream.ack(acked);
    await vi.advanceTimersByTimeAsync(1_000);
    const text = batches()
      .flat()
      .map((event) => (event as { text: string }).text)
      .join('');
    expect(text).toBe(Array.from({ length: 500 }, (_, n) => `${n},`).join(''));
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 33, 1e9])(
    'does not get ahead by acknowledging batch %d',
    async (batch) => {
      const waiting = await fill();
      await vi.advanceTimersByTimeAsync(5_000);
      stream.ack(batch);
      expect(await isDone(waiting.emit)).toBe(false);
      stream.cancel();
    },
  );

  it('for a minute is taken for gone: the producer is told, and stopped', async () => {
    const waiting = await fill();
    await vi.advanceTimersByTimeAsync(5_000);
    const told = expect(waiting.emit).rejects.toMatchObject({ code: 'stream/stalled' });
    expect(stream.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(60_000);
    await told;
    expect(stream.signal.aborted).toBe(true);
  });

  it('that cancels lets the producer go on to its end', async () => {
    const waiting = await fill();
    await vi.advanceTimersByTimeAsync(5_000);
    stream.cancel();
    expect(stream.signal.aborted).toBe(true);
    expect(await isDone(waiting.emit)).toBe(true);
    await stream.emit(step(1_000));
    stream.end(ok(null));
    expect(frames.at(-1)?.t).toBe('end');
    expect(batches().at(-1)).toContainEqual(step(1_000));
    expect(vi.getTimerCount()).toBe(0);
  });
});
