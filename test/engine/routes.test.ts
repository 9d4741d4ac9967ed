import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { MAX_FRAME_BYTES } from '../../src-contract/limits.ts';
import { routes } from '../../src-contract/routes.ts';
import type { AttachInfo } from '../../src-main/shell/engine-messages.ts';
import { answerChallenge } from '../../src-main/shell/handshake.ts';
import { ensureBuilt } from '../helpers/built.helper.ts';
import { greetedSocket, linesOf, rawSocket, TestEngine } from '../helpers/engine.helper.ts';
import { startSseServer, type SseServer } from '../helpers/sse-server.ts';

const engine = new TestEngine();
const scratch = mkdtempSync(join(tmpdir(), 'carrel-routes-'));
let server: SseServer;
let info: AttachInfo;

beforeAll(async () => {
  ensureBuilt();
  server = await startSseServer();
  info = await engine.start();
  mkdirSync(join(scratch, 'notes'));
  writeFileSync(join(scratch, 'notes', 'a.md'), '# Beans\n\nBeans need warm soil to sprout.\n');
});

afterAll(async () => {
  await engine.end();
  await server.close();
  rmSync(scratch, { recursive: true, force: true });
});

describe('every route through the real engine', () => {
  test('app', async () => {
    expect(await engine.call('app.info', {})).toMatchObject({
      dataDir: engine.dataDir,
      workspace: { id: 'default' },
    });
    const watched = engine.stream('app.watch', {}, (event, cancel) => {
      if (event.topic === 'settings') cancel();
    });
    await engine.call('settings.set', { key: 'onboarding.done', value: true });
    const { events, end } = await watched;
    expect(events.at(-1)).toEqual({ topic: 'settings' });
    expect(end).toEqual({ ok: true, value: null });
  });

  test('settings and vault', async () => {
    expect(await engine.call('settings.get', {})).toMatchObject({
      values: { 'onboarding.done': true },
      problems: [],
    });
    expect(await engine.call('vault.status', {})).toMatchObject({
      state: 'unlocked',
      slots: [{ kind: 'key-file' }],
    });
  });

  test('library', async () => {
    expect(await engine.call('library.status', {})).toMatchObject({ state: { kind: 'none' } });
    const { events, end } = await engine.stream('library.connect', { source: { kind: 'starter' } });
    expect(end.ok).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'done', status: { state: { kind: 'idle' } } });
    const { items } = await engine.call('library.items', { kind: 'agent' });
    expect(items.length).toBeGreaterThanOrEqual(6);
    const path = items[0]?.path ?? '';
    expect(await engine.call('library.item', { path })).toMatchObject({ kind: 'agent', path });
    expect((await engine.call('library.log', {})).versions).toHaveLength(1);
    const update = await engine.stream('library.update', {});
    expect(update.end.ok || update.end.error.code.startsWith('library/')).toBe(true);
  });

  test('knowledge', async () => {
    const paths = [join(scratch, 'notes')];
    const added = await engine.stream('knowledge.add', { paths });
    expect(added.events.at(-1)).toMatchObject({
      type: 'done',
      summary: { collection: 'notes', files: { indexed: 1 } },
    });
    const upload = {
      collection: 'dropped',
      uploadId: 'u1',
      path: 'dropped.md',
      offset: 0,
      data: Buffer.from('# Peas\n\nPeas like it cool.\n').toString('base64'),
      last: true,
    };
    expect(await engine.call('knowledge.upload', upload)).toMatchObject({
      file: { state: 'indexed' },
    });
    const { collections } = await engine.call('knowledge.collections', {});
    expect(collections.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['dropped', 'notes']),
    );
    expect(await engine.call('knowledge.files', { collection: 'notes' })).toMatchObject({
      total: 1,
    });
    const { results } = await engine.call('knowledge.search', { query: 'warm soil' });
    const [found] = results;
    expect(found).toMatchObject({ collection: 'notes', startLine: 1 });
    const { collection = '', path = '', startLine = 1, endLine = 1 } = found ?? {};
    expect(
      (await engine.call('knowledge.passage', { collection, path, startLine, endLine })).lines,
    ).toContain('Beans need warm soil to sprout.');
    const again = await engine.stream('knowledge.reindex', { collection: 'notes' });
    expect(again.events.at(-1)).toMatchObject({ summary: { files: { unchanged: 1 } } });
    expect(await engine.call('knowledge.browse', { path: scratch })).toMatchObject({
      entries: [{ name: 'notes', kind: 'folder' }],
    });
    expect(await engine.result('knowledge.eval', { dir: scratch })).toMatchObject({
      ok: false,
      error: { code: 'knowledge/not-beir' },
    });
    expect(await engine.call('knowledge.remove', { collection: 'dropped' })).toEqual({ files: 1 });
  });

  test('providers', async () => {
    await engine.call('providers.add', { id: 'local', baseUrl: server.baseUrl, key: 'k' });
    expect(await engine.call('providers.test', { id: 'local' })).toMatchObject({
      state: 'ready',
      models: ['test-model'],
      hasKey: true,
    });
    expect((await engine.call('providers.list', {})).providers).toHaveLength(1);
    expect((await engine.call('providers.detect', {})).found).toEqual(expect.any(Array));
  });

  test('chat', async () => {
    const { events, end } = await engine.stream('chat.send', {
      text: 'Hello',
      route: 'local/test-model',
    });
    expect(end.ok).toBe(true);
    expect(events[0]?.type).toBe('started');
    const done = events.at(-1);
    if (done?.type !== 'done') throw new Error('not done');
    const { conversationId, messageId } = done;
    const again = await engine.stream('chat.regenerate', { conversationId, messageId });
    expect(again.events.at(-1)).toMatchObject({ type: 'done', finish: 'stop' });
    await engine.call('chat.selectLeaf', { conversationId, leafId: messageId });
    await engine.call('chat.rename', { id: conversationId, title: 'Renamed' });
    expect(await engine.call('chat.conversation', { id: conversationId })).toMatchObject({
      title: 'Renamed',
      leafId: messageId,
      messages: { length: 3 },
    });
    expect((await engine.call('chat.search', { query: 'Carrel keeps' })).hits.length).toBe(2);
    await engine.call('chat.delete', { id: conversationId });
    expect(await engine.call('chat.conversations', {})).toMatchObject({ total: 0 });
    await engine.call('chat.restore', { id: conversationId });
    expect(await engine.call('chat.conversations', {})).toMatchObject({ total: 1 });
    await engine.call('providers.remove', { id: 'local' });
  });

  test('streams and health', async () => {
    expect(await engine.call('streams.cancel', { streamId: 99 })).toEqual({ cancelled: false });
    const { checks } = await engine.call('health.report', {});
    expect(checks.filter(({ state }) => state === 'fail')).toEqual([]);
    expect((await engine.call('health.logs', {})).lines.length).toBeGreaterThan(0);
  });
});

describe('what the dispatcher refuses', () => {
  test.each(['nothing.like.it', '__proto__', 'toString', 'constructor', 'hasOwnProperty', ''])(
    'route "%s"',
    async (route) => {
      expect(await engine.result(route, {})).toMatchObject({
        ok: false,
        error: { code: 'router/unknown-route', remedy: expect.any(String) },
      });
    },
  );

  test.each(Object.entries(routes))('%s (a %s) with input of wrong types', async (route, kind) => {
    for (const input of [null, 7, 'text', [], { surprise: true }]) {
      const answer =
        kind === 'stream'
          ? (await engine.stream(route as 'app.watch', input as never)).end
          : await engine.result(route, input);
      expect(answer).toMatchObject({ ok: false, error: { code: 'router/invalid-input' } });
    }
  });

  test('an own __proto__ in the input', async () => {
    const input: unknown = JSON.parse('{"__proto__": {"limit": 1}}');
    expect(await engine.result('chat.conversations', input)).toMatchObject({ ok: false });
    expect(({} as { limit?: number }).limit).toBeUndefined();
  });

  test('a message over its limit, with a remedy', async () => {
    const { end } = await engine.stream('chat.send', { text: 'x'.repeat(32_001) });
    expect(end).toMatchObject({
      ok: false,
      error: { code: 'router/input-too-large', remedy: expect.stringContaining('Knowledge') },
    });
  });
});

describe('the local socket', () => {
  test('is for this user only', () => {
    expect(statSync(info.path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(info.path)).mode & 0o777).toBe(0o700);
    expect(statSync(engine.workspace('engine.json')).mode & 0o777).toBe(0o600);
    expect(Buffer.byteLength(info.path)).toBeLessThanOrEqual(104);
  });

  /** A hello for the challenge that came, changed. */
  const hello =
    (shown: () => string, change: object = {}) =>
    (challenge: string): string =>
      JSON.stringify({ ...answerChallenge(shown(), JSON.parse(challenge))?.hello, ...change });

  test.each([
    ['a wrong token', hello(() => '0'.repeat(64))],
    ['a short token', hello(() => info.token.slice(1))],
    ['the proof of other nonces', hello(() => info.token, { nonce: '0'.repeat(64) })],
    ['a short nonce', hello(() => info.token, { nonce: '0' })],
    ['a proof of no text', hello(() => info.token, { proof: [7] })],
    ['the token itself', () => JSON.stringify({ t: 'hello', token: info.token })],
    ['a call before the hello', () => JSON.stringify({ t: 'call', id: 1, route: 'app.info' })],
    ['no JSON', () => 'GET / HTTP/1.1'],
    ['null', () => 'null'],
    ['nothing at all but bytes over the limit', () => 'x'.repeat(MAX_FRAME_BYTES + 1)],
  ])('closes on %s', async (_, line) => {
    const raw = rawSocket(info.path);
    const [challenge = ''] = await linesOf(raw, 1);
    raw.socket.write(`${line(challenge)}\n`);
    await raw.closed;
    expect(raw.received()).toBe(`${challenge}\n`);
  });

  test('closes on a hello that was good for another connection', async () => {
    const first = rawSocket(info.path);
    const [challenge = ''] = await linesOf(first, 1);
    const answer = hello(() => info.token)(challenge);
    const second = rawSocket(info.path);
    await linesOf(second, 1);
    second.socket.write(`${answer}\n`);
    await second.closed;
    expect(second.received()).not.toContain('welcome');
    first.socket.write(`${answer}\n`);
    expect((await linesOf(first, 2))[1]).toContain('welcome');
    first.socket.destroy();
  });

  test('after the hello: an oversize frame closes it, the engine goes on', async () => {
    const raw = await greetedSocket(info);
    expect((await linesOf(raw, 2))[1]).toContain('welcome');
    const before = raw.received();
    raw.socket.write(
      `{"t":"call","id":1,"route":"app.info","input":"${'x'.repeat(MAX_FRAME_BYTES)}`,
    );
    await raw.closed;
    expect(raw.received()).toBe(before);
    expect(await engine.call('app.info', {})).toMatchObject({ dataDir: engine.dataDir });
  });

  test('malformed frames are answered where they have an id, else ignored', async () => {
    const { socket, received } = await greetedSocket(info);
    const frames: unknown[] = [
      null,
      [],
      'text',
      { t: 'call' },
      { t: 'call', id: 'one', route: 'app.info', input: {} },
      { t: 'ack', stream: {}, batch: [] },
      { t: 'result', id: 1, result: { ok: true } },
      { t: 'call', id: 5, route: { toString: 'app.info' }, input: {} },
      { t: 'call', id: 6 },
      { t: 'call', id: 7, route: 'settings.get', input: {} },
    ];
    socket.write(frames.map((frame) => `${JSON.stringify(frame)}\n`).join(''));
    await vi.waitFor(() => expect(received()).toContain('"id":7'));
    const answers = received()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { t: string; id?: number; result?: { ok: boolean } });
    const told = answers.map(({ t, id, result }) => `${t} ${id ?? ''} ${result?.ok ?? ''}`.trim());
    expect(new Set(told)).toEqual(
      new Set(['challenge', 'welcome', 'result 5 false', 'result 6 false', 'result 7 true']),
    );
    expect(told).toHaveLength(5);
    socket.destroy();
  });
});
