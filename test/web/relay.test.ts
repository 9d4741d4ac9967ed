import { afterEach, describe, expect, test } from 'vitest';
import { MAX_FRAME_BYTES } from '../../src-contract/limits.ts';
import type { EngineState } from '../../src-contract/protocol.ts';
import type { EngineHostLimits } from '../../src-main/shell/engine-host.ts';
import {
  connectTab,
  enter,
  openTab,
  startWeb,
  ticketFor,
  ask,
  until,
  type Harness,
  type Tab,
} from './web.helper.ts';

let web: Harness;
afterEach(() => web.close());

async function start(mode = 'normal', limits: Partial<EngineHostLimits> = {}): Promise<void> {
  web = await startWeb({ mode, limits });
}

const states = (tab: Tab): EngineState['kind'][] =>
  tab.frames.flatMap((frame) => (frame.t === 'engine' ? [frame.state.kind] : []));
const results = (tab: Tab) => tab.frames.filter((frame) => frame.t === 'result');

describe('tickets', () => {
  test('one opens one web socket, once', async () => {
    await start();
    const cookie = await enter(web);
    const ticket = await ticketFor(web, cookie);
    const tab = await openTab(web, cookie, ticket);
    await expect(openTab(web, cookie, ticket)).rejects.toThrow('refused with 401');
    tab.socket.close();
    await tab.closed;
    await expect(openTab(web, cookie, ticket)).rejects.toThrow('refused with 401');
  });

  test('is of no use without the cookie, or with that of another browser', async () => {
    await start();
    const [one, two] = [await enter(web), await enter(web)];
    const tickets = [await ticketFor(web, one), await ticketFor(web, one)];
    await expect(openTab(web, two, tickets[0] ?? '')).rejects.toThrow('refused with 401');
    await expect(openTab(web, '', tickets[1] ?? '')).rejects.toThrow('refused with 401');
  });

  test('a made-up one, none, one that is too old, another path', async () => {
    await start();
    const cookie = await enter(web);
    await expect(openTab(web, cookie, '')).rejects.toThrow('refused with 401');
    await expect(openTab(web, cookie, 'a'.repeat(43))).rejects.toThrow('refused with 401');
    const old = await ticketFor(web, cookie);
    web.clock.ms += 30_000;
    await expect(openTab(web, cookie, old)).rejects.toThrow('refused with 401');
    const headers = { Upgrade: 'websocket', Connection: 'Upgrade', Origin: web.origin };
    const answer = await ask(web, '/other', { headers: { ...headers, Cookie: cookie } });
    expect(answer.status).toBe(404);
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  });

  test('none without a cookie', async () => {
    await start();
    const answer = await ask(web, '/ticket', { method: 'POST', headers: { Origin: web.origin } });
    expect(answer.status).toBe(401);
  });

  test('one browser opens 32 tabs and no more', async () => {
    await start();
    const cookie = await enter(web);
    const tabs: Tab[] = [];
    for (let n = 0; n < 32; n += 1) {
      tabs.push(await openTab(web, cookie, await ticketFor(web, cookie)));
    }
    const ticket = await ticketFor(web, cookie);
    await expect(openTab(web, cookie, ticket)).rejects.toThrow('refused with 429');
    tabs[0]?.socket.close();
    await tabs[0]?.closed;
    // The server's end of it closes a moment later.
    await expect
      .poll(async () => {
        const again = openTab(web, cookie, await ticketFor(web, cookie));
        return again.then(() => 'open').catch((error: Error) => error.message);
      })
      .toBe('open');
  });
});

describe('relay', () => {
  test('tells that the engine runs, then passes calls and answers unchanged', async () => {
    await start();
    const tab = await connectTab(web);
    tab.send({ t: 'call', id: 1, route: 'echo', input: { text: 'ü\n"😀' } });
    await until(() => results(tab).length === 1);
    expect(states(tab).at(-1)).toBe('running');
    expect(results(tab)).toEqual([
      { t: 'result', id: 1, result: { ok: true, value: { text: 'ü\n"😀' } } },
    ]);
  });

  test('what a tab sends before the engine is ready reaches it, in order', async () => {
    await start();
    expect(web.engine.state.kind).toBe('starting');
    const tab = await connectTab(web);
    for (const id of [1, 2, 3]) tab.send({ t: 'call', id, route: 'echo', input: id });
    await until(() => results(tab).length === 3);
    expect(results(tab).map((frame) => frame.id)).toEqual([1, 2, 3]);
  });

  test('a large answer stream arrives whole while the page reads slowly', async () => {
    await start();
    const tab = await connectTab(web);
    tab.socket.pause();
    tab.send({ t: 'call', id: 1, route: 'flood', input: 200 });
    await until(() => web.engine.state.kind === 'running');
    tab.socket.resume();
    await until(() => results(tab).length === 1);
    const numbers = tab.frames.flatMap((frame) => (frame.t === 'events' ? [frame.batch] : []));
    expect(numbers).toEqual(Array.from({ length: 200 }, (_, n) => n));
  });

  test('kill -9 of the engine with calls in flight: told, closed, and back within a second or so', async () => {
    await start();
    const tab = await connectTab(web);
    await until(() => states(tab).includes('running'));
    tab.send({ t: 'call', id: 1, route: 'never', input: null });
    tab.send({ t: 'call', id: 2, route: 'echo', input: null });
    await until(() => results(tab).length === 1);
    const killedAt = performance.now();
    process.kill(Number(web.engine.pid), 'SIGKILL');
    expect(await tab.closed).toBe(1012);
    expect(performance.now() - killedAt).toBeLessThan(1_000);
    expect(states(tab).at(-1)).toBe('restarting');
    const next = await connectTab(web);
    await until(() => states(next).at(-1) === 'running');
    next.send({ t: 'call', id: 1, route: 'echo', input: 'again' });
    await until(() => results(next).length === 1);
    // Nothing of the first engine's calls comes out of the second.
    expect(results(next)).toHaveLength(1);
  });

  test('a failed engine: told with its remedy, calls answered at once, another try on request', async () => {
    await start('refuse');
    await until(() => web.engine.state.kind === 'failed');
    const cookie = await enter(web);
    const tab = await openTab(web, cookie, await ticketFor(web, cookie));
    await until(() => tab.frames.length === 1);
    expect(tab.frames[0]).toEqual({
      t: 'engine',
      state: { kind: 'failed', reason: 'There is no key.', remedy: 'Bring the key.' },
    });
    tab.send({ t: 'call', id: 7, route: 'echo', input: null });
    tab.socket.send('not json');
    tab.send({ t: 'ack', stream: 1, batch: 1 });
    await until(() => results(tab).length === 1);
    expect(results(tab)[0]).toMatchObject({ id: 7, result: { error: { code: 'vault/no-key' } } });
    process.env['STAND_IN_MODE'] = 'normal';
    const retried = await ask(web, '/retry', {
      method: 'POST',
      headers: { Cookie: cookie, Origin: web.origin },
    });
    expect(retried.status).toBe(200);
    await until(() => states(tab).at(-1) === 'running');
    tab.send({ t: 'call', id: 8, route: 'echo', input: 'now' });
    await until(() => results(tab).length === 2);
  });

  test('what waits for a failing engine is answered when it has failed', async () => {
    await start('exit', { backoffFirst: 300, loopCount: 2 });
    const tab = await connectTab(web);
    tab.send({ t: 'call', id: 1, route: 'echo', input: null });
    await until(() => results(tab).length === 1);
    expect(results(tab)[0]).toMatchObject({ result: { error: { code: 'engine/crash-loop' } } });
  });

  test('a frame over its limit closes with 1009, and only that tab', async () => {
    await start();
    const [tab, other] = [await connectTab(web), await connectTab(web)];
    await until(() => states(tab).includes('running') && states(other).includes('running'));
    tab.socket.send('x'.repeat(MAX_FRAME_BYTES + 1));
    expect(await tab.closed).toBe(1009);
    other.send({ t: 'call', id: 1, route: 'echo', input: 1 });
    await until(() => results(other).length === 1);
  });

  test('binary, and two documents in one message, are refused', async () => {
    await start();
    const [binary, two] = [await connectTab(web), await connectTab(web)];
    binary.socket.send(Buffer.from('{}'), { binary: true });
    expect(await binary.closed).toBe(1003);
    two.socket.send('{"t":"call"}\n{"t":"call"}');
    expect(await two.closed).toBe(1007);
  });

  test('a frame that is not JSON ends the connection, not the engine', async () => {
    await start();
    const tab = await connectTab(web);
    await until(() => states(tab).includes('running'));
    tab.socket.send('not json');
    expect(await tab.closed).toBe(1011);
    expect(web.engine.state.kind).toBe('running');
  });

  test('the server ends with tabs open', async () => {
    await start();
    const tab = await connectTab(web);
    await web.server.close();
    await tab.closed;
    await expect(ask(web, '/')).rejects.toThrow('ECONNREFUSED');
  });
});
