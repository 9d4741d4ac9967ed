import { describe, expect, it } from 'vitest';
import { EngineClient } from '../../src-contract/client.ts';
import type { ClientFrame } from '../../src-contract/protocol.ts';
import { AppError } from '../../src-contract/app-error.ts';
import { Connection } from '../../src-main/router/connection.ts';
import { delta, makeDispatcher, type AnyHandler } from './router.helper.ts';

/** Both ends of the protocol, with frames that cross as JSON as on a socket, each on its own turn. */
function pair(given: Readonly<Record<string, AnyHandler>> = {}) {
  const sent: ClientFrame[] = [];
  const client: EngineClient = new EngineClient((frame) => {
    sent.push(frame);
    const text = JSON.stringify(frame);
    setImmediate(() => connection.receive(JSON.parse(text)));
  });
  const connection: Connection = new Connection(makeDispatcher(given), (frame) => {
    const text = JSON.stringify(frame);
    setImmediate(() => client.receive(JSON.parse(text)));
  });
  return { client, connection, sent };
}

const gone = { code: 'engine/ended', message: 'm', remedy: 'r' };

describe('a call of the client', () => {
  it('gets its own answer, whatever the order', async () => {
    const { client } = pair({
      'health.logs': async ({ limit }: { limit: number }) => {
        await new Promise((resolve) => setTimeout(resolve, 30 - limit));
        return limit;
      },
    });
    const answers = await Promise.all(
      [1, 20, 10].map((limit) => client.call('health.logs', { limit })),
    );
    expect(answers).toEqual([1, 20, 10].map((value) => ({ ok: true, value })));
  });

  it('gets the error as a result, never as a rejection', async () => {
    const { client } = pair({
      'app.info': () => {
        throw new AppError('x/y', 'm', { remedy: 'r' });
      },
    });
    expect(await client.call('app.info', {})).toEqual({
      ok: false,
      error: { code: 'x/y', message: 'm', remedy: 'r' },
    });
    expect(await client.call('nothing', {})).toMatchObject({ ok: false });
  });

  it('that can not be sent fails at once, and others do not', async () => {
    let broken = true;
    const client: EngineClient = new EngineClient((frame) => {
      if (broken) throw new Error('it does not clone');
      if (frame.t === 'call')
        client.receive({ t: 'result', id: frame.id, result: { ok: true, value: 1 } });
    });
    const failed = { ok: false, error: { code: 'engine/not-sent' } };
    expect(await client.call('a', () => 1)).toMatchObject(failed);
    expect(await client.stream('a', {}, () => undefined).end).toMatchObject(failed);
    broken = false;
    expect(await client.call('a', 1)).toEqual({ ok: true, value: 1 });
  });

  it('fails when the engine is gone, before and after', async () => {
    const client = new EngineClient(() => undefined);
    const open = client.call('a', {});
    const stream = client.stream('b', {}, () => undefined);
    client.close(gone);
    client.close({ ...gone, code: 'other' });
    const failed = { ok: false, error: gone };
    expect(await open).toEqual(failed);
    expect(await stream.end).toEqual(failed);
    expect(await client.call('a', {})).toEqual(failed);
    expect(await client.stream('b', {}, () => undefined).end).toEqual(failed);
  });

  it('is not disturbed by answers to nothing', async () => {
    const client = new EngineClient(() => undefined);
    client.receive({ t: 'result', id: 99, result: { ok: true, value: 1 } });
    client.receive({ t: 'end', stream: 99, result: { ok: true, value: null } });
    client.receive({ t: 'events', stream: 99, batch: 1, events: [1] });
    client.close(gone);
    client.receive({ t: 'events', stream: 99, batch: 2, events: [1] });
    expect(await client.call('a', {})).toMatchObject({ ok: false });
  });
});

describe('a stream of the client', () => {
  it('gets all events in order and its end, and acknowledges what it took', async () => {
    const { client, sent } = pair({
      'app.watch': async (_input, { emit }) => {
        for (let n = 0; n < 200; n += 1) await emit(delta(`${n} `));
      },
    });
    const texts: string[] = [];
    const { end } = client.stream('app.watch', {}, (events) => {
      for (const event of events) texts.push((event as { text: string }).text);
    });
    expect(await end).toEqual({ ok: true, value: null });
    expect(texts.join('')).toBe(Array.from({ length: 200 }, (_, n) => `${n} `).join(''));
    expect(sent.filter(({ t }) => t === 'ack').length).toBeGreaterThan(0);
  });

  const endless: Record<string, AnyHandler> = {
    'app.watch': async (_input, { emit, signal }) => {
      while (!signal.aborted) {
        await emit(delta('x'));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      throw new AppError('test/cancelled', 'm', { remedy: 'r' });
    },
  };

  it.each(['at once', 'after the first event'])('ends when it is cancelled %s', async (when) => {
    const { client, sent } = pair(endless);
    let events = 0;
    const handle = client.stream('app.watch', {}, () => {
      events += 1;
      handle.cancel();
    });
    if (when === 'at once') handle.cancel();
    handle.cancel();
    expect(await handle.end).toMatchObject({ ok: false, error: { code: 'test/cancelled' } });
    handle.cancel();
    const cancels = sent.filter((frame) => frame.t === 'call' && frame.route === 'streams.cancel');
    expect(cancels).toHaveLength(1);
    if (when !== 'at once') expect(events).toBeGreaterThan(0);
  });

  it('that ended is not cancelled any more', async () => {
    const { client, sent } = pair({ 'app.watch': () => Promise.resolve() });
    const handle = client.stream('app.watch', {}, () => undefined);
    await handle.end;
    const before = sent.length;
    handle.cancel();
    expect(sent).toHaveLength(before);
  });

  it('whose listener throws still acknowledges, so that the engine does not wait for ever', () => {
    const sent: ClientFrame[] = [];
    const client = new EngineClient((frame) => sent.push(frame));
    void client.stream('a', {}, () => {
      throw new Error('listener');
    });
    client.receive({ t: 'result', id: 1, result: { ok: true, value: { streamId: 4 } } });
    expect(() => client.receive({ t: 'events', stream: 4, batch: 1, events: [1] })).toThrow(
      'listener',
    );
    expect(sent.at(-1)).toEqual({ t: 'ack', stream: 4, batch: 1 });
  });

  it('that is refused says why', async () => {
    const { client } = pair({ 'chat.conversations': () => null });
    for (const route of ['app.info', 'chat.conversations']) {
      expect(await client.stream(route, {}, () => undefined).end).toMatchObject({
        ok: false,
        error: { code: 'engine/not-a-stream' },
      });
    }
    expect(await client.stream('none', {}, () => undefined).end).toMatchObject({
      ok: false,
      error: { code: 'router/unknown-route' },
    });
  });
});
