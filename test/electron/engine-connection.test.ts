import { describe, expect, test, vi } from 'vitest';
import type { EngineState } from '../../src-contract/protocol.ts';
import { EngineConnection } from '../../src-preload/engine-connection.ts';

const FAILED: EngineState = { kind: 'failed', reason: 'No key.', remedy: 'Bring it.' };

interface Engine {
  readonly port: MessagePort;
  readonly heard: { readonly id: number; readonly route: string }[];
  isClosed(): boolean;
  end(): void;
}

/** The engine's end of a port: notes what is asked and answers each call with its route. */
function engine(): Engine {
  const { port1, port2 } = new MessageChannel();
  const heard: Engine['heard'] = [];
  let isClosed = false;
  port1.addEventListener('message', (event: MessageEvent<Engine['heard'][number]>) => {
    heard.push(event.data);
    const { id, route } = event.data;
    port1.postMessage({ t: 'result', id, result: { ok: true, value: route } });
  });
  port1.addEventListener('close', () => (isClosed = true));
  port1.start();
  return { port: port2, heard, isClosed: () => isClosed, end: () => port1.close() };
}

describe('the window’s connection to the engine', () => {
  test('sends what waited, and takes one port of each engine', async () => {
    const connection = new EngineConnection();
    const early = connection.call('app.info', {});
    const [one, again, next] = [engine(), engine(), engine()];
    connection.connect(one.port, 1);
    expect(await early).toEqual({ ok: true, value: 'app.info' });
    connection.connect(again.port, 1);
    await vi.waitFor(() => expect(again.isClosed()).toBe(true));
    expect(await connection.call('vault.status', {})).toMatchObject({ ok: true });
    expect(one.heard).toHaveLength(2);
    connection.connect(next.port, 2);
    await vi.waitFor(() => expect(one.isClosed()).toBe(true));
    expect(await connection.call('health.report', {})).toMatchObject({ ok: true });
    expect(next.heard).toHaveLength(1);
    next.end();
  });

  test('a silent engine keeps what is open; one that is gone fails it', async () => {
    const connection = new EngineConnection();
    const { port1, port2 } = new MessageChannel();
    connection.connect(port2, 1);
    const open = connection.call('app.info', {});
    const settled = vi.fn();
    void open.then(settled);
    connection.engineIs({ kind: 'running', silentSeconds: 15 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).not.toHaveBeenCalled();
    connection.engineIs({ kind: 'restarting', attempt: 1, reason: '' });
    expect(await open).toMatchObject({ ok: false, error: { code: 'engine/ended' } });
    port1.close();
  });

  test('what waits, and what is asked later, gets the reason of an engine that can’t start', async () => {
    const connection = new EngineConnection();
    const early = connection.call('app.info', {});
    const streamed = new Promise((resolve) => {
      connection.stream('app.watch', {}, () => undefined, resolve);
    });
    connection.engineIs(FAILED);
    const expected = {
      ok: false,
      error: { code: 'engine/failed', message: 'No key.', remedy: 'Bring it.' },
    };
    expect(await early).toEqual(expected);
    expect(await streamed).toEqual(expected);
    expect(await connection.call('app.info', {})).toEqual(expected);
    connection.engineIs({ kind: 'starting' });
    const later = connection.call('app.info', {});
    const started = engine();
    connection.connect(started.port, 1);
    expect(await later).toMatchObject({ ok: true });
    expect(started.heard).toHaveLength(1);
    started.end();
  });

  test('a stream that was cancelled before the engine came is never sent, and ends once', async () => {
    const connection = new EngineConnection();
    const ends: unknown[] = [];
    const cancel = connection.stream(
      'chat.send',
      {},
      () => undefined,
      (result) => ends.push(result),
    );
    cancel();
    cancel();
    const started = engine();
    connection.connect(started.port, 1);
    expect(await connection.call('app.info', {})).toMatchObject({ ok: true });
    expect(started.heard.map(({ route }) => route)).toEqual(['app.info']);
    expect(ends).toMatchObject([{ ok: false, error: { code: 'stream/cancelled' } }]);
    started.end();
  });

  test('so many requests wait and no more', async () => {
    const connection = new EngineConnection();
    const waiting = Array.from({ length: 1_024 }, () => connection.call('app.info', {}));
    expect(await connection.call('app.info', {})).toMatchObject({
      ok: false,
      error: { code: 'router/too-many-requests' },
    });
    const started = engine();
    connection.connect(started.port, 1);
    expect((await Promise.all(waiting)).every(({ ok }) => ok)).toBe(true);
    started.end();
  });
});
