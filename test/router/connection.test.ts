import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { AppError } from '../../src-contract/app-error.ts';
import { delta, makeConnection } from './router.helper.ts';

/** What a stream handler gets; a test keeps it to drive the stream by hand. */
interface Held {
  readonly emit: (event: unknown) => Promise<void>;
  readonly signal: AbortSignal;
}

function heldStream() {
  const held: Held[] = [];
  const finish: ((error?: unknown) => void)[] = [];
  const client = makeConnection({
    'app.watch': (_input, { emit, signal }) =>
      new Promise<void>((resolve, reject) => {
        held.push({ emit, signal });
        finish.push((error) => (error === undefined ? resolve() : reject(error)));
      }),
  });
  return { ...client, held, finish };
}

const call = (id: number, route: unknown, input: unknown = {}): object => ({
  t: 'call',
  id,
  route,
  input,
});
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a call', () => {
  it('is answered once, with its id', async () => {
    const { connection, frames } = makeConnection();
    connection.receive(call(5, 'app.info'));
    connection.receive(call(6, 'health.logs', { limit: 3 }));
    await expect.poll(() => frames.length).toBe(2);
    expect(frames).toEqual([
      { t: 'result', id: 5, result: { ok: true, value: { name: 'app.info', input: {} } } },
      {
        t: 'result',
        id: 6,
        result: { ok: true, value: { name: 'health.logs', input: { limit: 3, level: 'info' } } },
      },
    ]);
  });

  it('that fails is answered with the error as an envelope', async () => {
    const { connection, frames, results } = makeConnection({
      'app.info': () => {
        throw new AppError('x/y', 'm', { remedy: 'r' });
      },
    });
    connection.receive(call(1, 'app.info'));
    connection.receive(call(2, '__proto__'));
    connection.receive({ t: 'call', id: 3 });
    connection.receive(call(4, 'app.info', { more: 1 }));
    await expect.poll(() => frames.length).toBe(4);
    expect(results().toSorted((a, b) => a.id - b.id)).toMatchObject([
      { id: 1, result: { ok: false, error: { code: 'x/y', message: 'm', remedy: 'r' } } },
      { id: 2, result: { ok: false, error: { code: 'router/unknown-route' } } },
      { id: 3, result: { ok: false, error: { code: 'router/unknown-route' } } },
      { id: 4, result: { ok: false, error: { code: 'router/invalid-input' } } },
    ]);
  });

  it('whose route can not be turned into text is answered, and ends nothing', async () => {
    const { connection, frames } = makeConnection();
    connection.receive(call(1, JSON.parse('{"toString":1,"valueOf":1}')));
    connection.receive(call(2, Object.create(null)));
    await expect.poll(() => frames.length).toBe(2);
    expect(frames).toMatchObject([
      { result: { ok: false, error: { code: 'router/unknown-route' } } },
      { result: { ok: false, error: { code: 'router/unknown-route' } } },
    ]);
  });

  it('over the number that one client may have open is refused; later ones are not', async () => {
    const release: (() => void)[] = [];
    const { connection, frames, results } = makeConnection({
      'app.info': () => new Promise<void>((resolve) => release.push(resolve)),
    });
    for (let id = 0; id < 1_030; id += 1) connection.receive(call(id, 'app.info'));
    await turn();
    expect(results()).toHaveLength(6);
    expect(frames[0]).toMatchObject({
      result: { ok: false, error: { code: 'router/too-many-requests', action: 'retry' } },
    });
    for (const one of release) one();
    await expect.poll(() => results().length).toBe(1_030);
    connection.receive(call(2_000, 'health.logs'));
    await expect.poll(() => results().at(-1)).toMatchObject({ id: 2_000, result: { ok: true } });
  });

  it('knows that its client went away', async () => {
    const signals: AbortSignal[] = [];
    const { connection, frames } = makeConnection({
      'app.info': (_input, { signal }) => {
        signals.push(signal);
        return new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    });
    connection.receive(call(1, 'app.info'));
    await expect.poll(() => signals.length).toBe(1);
    connection.close();
    await turn();
    expect(signals[0]?.aborted).toBe(true);
    expect(frames).toEqual([]);
    connection.receive(call(2, 'app.info'));
    await turn();
    expect(signals).toHaveLength(1);
  });
});

describe('a frame that is none', () => {
  it.each([
    undefined,
    null,
    1,
    'call',
    [],
    {},
    { t: 'call' },
    { t: 'call', id: 'x', route: 'app.info' },
    { t: 'call', id: 1.5, route: 'app.info' },
    { t: 'call', id: null, route: 'app.info' },
    { t: 'call', id: { valueOf: 1, toString: 1 }, route: 'app.info' },
    { t: 'ack' },
    { t: 'ack', stream: 1 },
    { t: 'ack', stream: { valueOf: 1, toString: 1 }, batch: 1 },
    { t: 'ack', stream: '1', batch: '1' },
    { t: 'ack', stream: 99, batch: 1 },
    { t: 'result', id: 1, result: {} },
    { t: { toString: 1 } },
    { t: '__proto__' },
  ])('%j is left alone', async (frame) => {
    const { connection, frames } = makeConnection();
    connection.receive(frame);
    await turn();
    expect(frames).toEqual([]);
    connection.receive(call(1, 'app.info'));
    await expect.poll(() => frames.length).toBe(1);
  });

  it('of any shape never throws, and a good one after it is answered', async () => {
    const { connection, frames } = makeConnection();
    const frame = fc.oneof(
      fc.anything({ withNullPrototype: true }),
      fc.record(
        {
          t: fc.constantFrom('call', 'ack', 'result'),
          id: fc.oneof(fc.integer(), fc.anything()),
          route: fc.anything(),
          input: fc.anything(),
          stream: fc.anything(),
          batch: fc.anything(),
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(frame, (one) => connection.receive(one)),
      { numRuns: 500 },
    );
    await turn();
    connection.receive(call(123_456, 'app.info'));
    await expect
      .poll(() => frames.some((one) => one.t === 'result' && one.id === 123_456))
      .toBe(true);
  });
});

describe('a stream', () => {
  it('answers with its id before its first event, then sends events and its end', async () => {
    const { connection, frames } = makeConnection({
      'app.watch': async (_input, { emit }) => {
        await emit(delta('a'));
        await emit(delta('b'));
      },
    });
    connection.receive(call(1, 'app.watch'));
    await expect.poll(() => frames.length).toBe(4);
    expect(frames).toEqual([
      { t: 'result', id: 1, result: { ok: true, value: { streamId: 1 } } },
      { t: 'events', stream: 1, batch: 1, events: [delta('a')] },
      { t: 'events', stream: 1, batch: 2, events: [delta('b')] },
      { t: 'end', stream: 1, result: { ok: true, value: null } },
    ]);
  });

  it('with wrong input or an error ends with that', async () => {
    const { connection, ends } = makeConnection({
      'chat.regenerate': () => Promise.reject(new Error('boom')),
    });
    connection.receive(call(1, 'app.watch', { no: 1 }));
    connection.receive(call(2, 'chat.regenerate', { conversationId: 'a', messageId: 'b' }));
    await expect.poll(() => ends().length).toBe(2);
    expect(ends()).toMatchObject([
      { stream: 1, result: { ok: false, error: { code: 'router/invalid-input' } } },
      { stream: 2, result: { ok: false, error: { code: 'internal' } } },
    ]);
  });

  it('is cancelled by its own client only, and that can be repeated', async () => {
    const first = heldStream();
    const second = makeConnection();
    first.connection.receive(call(1, 'app.watch'));
    await expect.poll(() => first.held.length).toBe(1);
    second.connection.receive(call(1, 'streams.cancel', { streamId: 1 }));
    await expect
      .poll(() => second.results())
      .toMatchObject([{ result: { value: { cancelled: false } } }]);
    expect(first.held[0]?.signal.aborted).toBe(false);
    first.connection.receive(call(2, 'streams.cancel', { streamId: 1 }));
    await expect.poll(() => first.held[0]?.signal.aborted).toBe(true);
    first.finish[0]?.();
    await expect.poll(() => first.ends().length).toBe(1);
    first.connection.receive(call(3, 'streams.cancel', { streamId: 1 }));
    await expect
      .poll(() => first.results().at(-1))
      .toMatchObject({ id: 3, result: { ok: true, value: { cancelled: false } } });
  });

  it('is cancelled when its client goes, and says nothing more to it', async () => {
    const { connection, frames, held, finish } = heldStream();
    connection.receive(call(1, 'app.watch'));
    connection.receive(call(2, 'app.watch'));
    await expect.poll(() => held.length).toBe(2);
    const before = frames.length;
    connection.close();
    expect(held.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    await held[0]?.emit(delta('late'));
    for (const one of finish) one();
    await turn();
    expect(frames).toHaveLength(before);
  });

  it('over the number that one client may have open is refused, until one ends', async () => {
    const { connection, results, held, finish } = heldStream();
    for (let id = 1; id <= 257; id += 1) connection.receive(call(id, 'app.watch'));
    await expect.poll(() => results().length).toBe(257);
    await expect.poll(() => held.length).toBe(256);
    expect(results().filter(({ result }) => !result.ok)).toMatchObject([
      { id: 257, result: { error: { code: 'router/too-many-requests' } } },
    ]);
    // Other calls are answered: the way to cancel is one of them.
    connection.receive(call(258, 'streams.cancel', { streamId: 1 }));
    await expect.poll(() => held[0]?.signal.aborted).toBe(true);
    finish[0]?.();
    await turn();
    connection.receive(call(300, 'app.watch'));
    await expect.poll(() => held.length).toBe(257);
    connection.close();
  });

  it('is held back by a client that acknowledges nothing, and goes on when it does', async () => {
    let emitted = 0;
    const { connection, batches, ends } = makeConnection({
      'app.watch': async (_input, { emit }) => {
        for (; emitted < 60; emitted += 1) {
          await emit({ type: 'step', n: emitted });
          await new Promise((resolve) => setTimeout(resolve, 17));
        }
      },
    });
    connection.receive(call(1, 'app.watch'));
    await expect.poll(() => batches().length, { timeout: 20_000 }).toBe(32);
    const acknowledge = setInterval(() => {
      const last = batches().at(-1);
      if (last) connection.receive({ t: 'ack', stream: 1, batch: last.batch });
    }, 10);
    await expect.poll(() => ends().length, { timeout: 20_000 }).toBe(1);
    clearInterval(acknowledge);
    expect(emitted).toBe(60);
    expect(batches().flatMap(({ events }) => events)).toEqual(
      Array.from({ length: 60 }, (_, n) => ({ type: 'step', n })),
    );
  });
});
