import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws';
import type {
  ClientFrame,
  EngineFrame,
  EngineState,
  ShellFrame,
} from '../../src-contract/protocol.ts';
import type { Result } from '../../src-contract/result.ts';
import { WebTransport } from '../../src-renderer/bridge-web.ts';

type Call = Extract<ClientFrame, { t: 'call' }>;

/** A shell of its own: real sockets, and an engine that answers as the test says. */
let server: WebSocketServer;
let onCall: (call: Call, send: (frame: EngineFrame | ShellFrame) => void) => void;
let tickets: string[];
let ticketStatus: number;
let greeting: EngineState;
let states: EngineState[];
let acks: number;
let retries: number;
let life: { over: boolean; away: boolean };

beforeEach(async () => {
  tickets = [];
  ticketStatus = 200;
  greeting = { kind: 'running' };
  states = [];
  acks = 0;
  retries = 0;
  life = { over: false, away: false };
  onCall = (call, send) =>
    send({ t: 'result', id: call.id, result: { ok: true, value: call.input } });
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket, request) => {
    tickets.push(request.url ?? '');
    const send = sender(socket);
    send({ t: 'engine', state: greeting });
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as ClientFrame;
      if (frame.t === 'ack') acks += 1;
      else onCall(frame, send);
    });
  });
  await once(server, 'listening');
});

afterEach(async () => {
  life.over = true;
  for (const socket of server.clients) socket.terminate();
  await new Promise((resolve) => server.close(resolve));
});

function sender(socket: ServerSocket): (frame: EngineFrame | ShellFrame) => void {
  return (frame) => socket.send(JSON.stringify(frame));
}

function open(): WebTransport {
  let next = 1;
  const { port } = server.address() as AddressInfo;
  // Its own, so that a transport of an ended test neither comes back nor speaks here.
  const mine = life;
  const seen = states;
  const transport = new WebTransport({
    fetchTicket: () =>
      mine.away
        ? Promise.reject(new TypeError('Failed to fetch'))
        : Promise.resolve(
            Response.json(
              { ticket: `ticket-${next++}` },
              { status: mine.over ? 401 : ticketStatus },
            ),
          ),
    openSocket: (ticket) => new WebSocket(`ws://127.0.0.1:${port}/engine?ticket=${ticket}`),
    postRetry: () => {
      retries += 1;
      for (const socket of server.clients)
        sender(socket)({ t: 'engine', state: { kind: 'running' } });
      return Promise.resolve(new Response(null, { status: 204 }));
    },
    reload: () => undefined,
  });
  transport.onEngine((state) => seen.push(state));
  return transport;
}

function ending(): {
  readonly end: Promise<Result<null>>;
  readonly onEnd: (result: Result<null>) => void;
} {
  const { promise, resolve } = Promise.withResolvers<Result<null>>();
  return { end: promise, onEnd: resolve };
}

/** Ends every connection as a shell does whose engine was killed. */
function killEngine(): void {
  greeting = { kind: 'running' };
  for (const socket of server.clients) {
    sender(socket)({ t: 'engine', state: { kind: 'restarting', attempt: 1, reason: 'killed' } });
    socket.close(1012);
  }
}

test('a call made before there is a connection is answered, with one ticket for one socket', async () => {
  const transport = open();
  expect(await transport.call('settings.get', { a: 1 })).toEqual({ ok: true, value: { a: 1 } });
  expect(tickets).toEqual(['/engine?ticket=ticket-1']);
});

test('events come in order and are acknowledged; the end comes last', async () => {
  onCall = (call, send) => {
    send({ t: 'result', id: call.id, result: { ok: true, value: { streamId: 7 } } });
    send({ t: 'events', stream: 7, batch: 1, events: [1, 2] });
    send({ t: 'events', stream: 7, batch: 2, events: [3] });
    send({ t: 'end', stream: 7, result: { ok: true, value: null } });
  };
  const seen: unknown[] = [];
  const { end, onEnd } = ending();
  open().stream('app.watch', {}, (events) => seen.push(...events), onEnd);
  expect(await end).toEqual({ ok: true, value: null });
  expect(seen).toEqual([1, 2, 3]);
  await vi.waitFor(() => expect(acks).toBe(2));
});

test('cancelling before the connection stands cancels the stream of the engine', async () => {
  const cancelled: unknown[] = [];
  onCall = (call, send) => {
    if (call.route === 'streams.cancel') {
      cancelled.push(call.input);
      send({
        t: 'end',
        stream: 7,
        result: { ok: false, error: { code: 'cancelled', message: 'm', remedy: 'r' } },
      });
    } else send({ t: 'result', id: call.id, result: { ok: true, value: { streamId: 7 } } });
  };
  const { end, onEnd } = ending();
  const cancel = open().stream('chat.send', {}, () => undefined, onEnd);
  cancel();
  expect(await end).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(cancelled).toEqual([{ streamId: 7 }]);
});

test('when the engine ends, all that is open fails with engine/ended, and the next call is answered by the new one', async () => {
  onCall = (call, send) => {
    if (call.route === 'chat.send') {
      send({ t: 'result', id: call.id, result: { ok: true, value: { streamId: 1 } } });
      send({ t: 'events', stream: 1, batch: 1, events: ['first'] });
    }
  };
  const transport = open();
  const seen: unknown[] = [];
  const { end, onEnd } = ending();
  transport.stream('chat.send', {}, (events) => seen.push(...events), onEnd);
  const silent = transport.call('health.report', {});
  await vi.waitFor(() => expect(seen).toEqual(['first']));

  killEngine();
  expect(await end).toMatchObject({ ok: false, error: { code: 'engine/ended', action: 'retry' } });
  expect(await silent).toMatchObject({ ok: false, error: { code: 'engine/ended' } });

  onCall = (call, send) => send({ t: 'result', id: call.id, result: { ok: true, value: 'new' } });
  expect(await transport.call('health.report', {})).toEqual({ ok: true, value: 'new' });
  expect(tickets).toEqual(['/engine?ticket=ticket-1', '/engine?ticket=ticket-2']);
  expect(states.map((state) => state.kind)).toEqual([
    'starting',
    'running',
    'restarting',
    'running',
  ]);
});

test('an engine that can not be started fails calls with its own words, until another try works', async () => {
  greeting = { kind: 'failed', reason: 'The store is from the future.', remedy: 'Update Carrel.' };
  const transport = open();
  const result = await transport.call('settings.get', {});
  expect(result).toMatchObject({
    ok: false,
    error: { code: 'engine/failed', message: 'The store is from the future.' },
  });
  transport.retryEngine();
  await vi.waitFor(() => expect(states.at(-1)?.kind).toBe('running'));
  expect(retries).toBe(1);
  expect(await transport.call('settings.get', { c: 1 })).toEqual({ ok: true, value: { c: 1 } });
});

test('a sign-in that has ended is said, and not tried again', async () => {
  ticketStatus = 401;
  const result = await open().call('settings.get', {});
  expect(result).toMatchObject({ ok: false, error: { code: 'engine/failed' } });
  expect(states.at(-1)?.kind).toBe('failed');
  expect(tickets).toEqual([]);
});

test('a silent engine stays connected', async () => {
  const transport = open();
  await transport.call('settings.get', {});
  for (const socket of server.clients)
    sender(socket)({ t: 'engine', state: { kind: 'running', silentSeconds: 2 } });
  await vi.waitFor(() => expect(states.at(-1)).toEqual({ kind: 'running', silentSeconds: 2 }));
  expect(await transport.call('settings.get', { b: 1 })).toEqual({ ok: true, value: { b: 1 } });
  expect(tickets).toHaveLength(1);
});

test('a shell that is gone is said as such, and found again when it is back', async () => {
  const transport = open();
  await transport.call('settings.get', {});
  life.away = true;
  killEngine();
  await vi.waitFor(() => expect(states.at(-1)).toMatchObject({ kind: 'failed' }), 10_000);
  expect(await transport.call('settings.get', {})).toMatchObject({
    ok: false,
    error: { message: 'Carrel can’t be reached. What was stored is safe.' },
  });
  life.away = false;
  await vi.waitFor(() => expect(states.at(-1)?.kind).toBe('running'), 20_000);
  expect(await transport.call('settings.get', { d: 1 })).toEqual({ ok: true, value: { d: 1 } });
});
