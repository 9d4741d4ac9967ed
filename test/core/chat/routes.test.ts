import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RouteName } from '../../../src-contract/index.ts';
import { silentLogger } from '../../../src-main/core/shared/logger.ts';
import type { EncryptedDb } from '../../../src-main/db/open.ts';
import { Dispatcher } from '../../../src-main/router/dispatch.ts';
import { chatHandlers } from '../../../src-main/router/handlers/chat.ts';
import { providerHandlers } from '../../../src-main/router/handlers/providers.ts';
import type { Handlers } from '../../../src-main/router/types.ts';
import { startSseServer, type SseServer } from '../../helpers/sse-server.ts';
import { makeChat, scratchStore } from './setup.ts';

let scratch: ReturnType<typeof scratchStore>;
let db: EncryptedDb;
let server: SseServer;
let dispatcher: Dispatcher;
const { signal } = new AbortController();

beforeEach(async () => {
  scratch = scratchStore();
  db = scratch.open();
  server = await startSseServer();
  const chat = makeChat(db);
  const handlers = { ...chatHandlers(chat.service), ...providerHandlers(chat.providers) };
  // The routes of the other features are not called here.
  dispatcher = new Dispatcher(handlers as unknown as Handlers, silentLogger);
});
afterEach(async () => {
  db.close();
  scratch.remove();
  await server.close();
});

function call(route: RouteName, input: unknown): Promise<unknown> {
  return dispatcher.call(route, input, { signal, cancelStream: () => false });
}

async function stream(route: RouteName, input: unknown): Promise<Record<string, unknown>[]> {
  const events: Record<string, unknown>[] = [];
  await dispatcher.stream(route, input, {
    signal,
    emit: (event) => {
      events.push(event as Record<string, unknown>);
      return Promise.resolve();
    },
  });
  return events;
}

test('chat and providers work through the one door', async () => {
  const added = await call('providers.add', { id: 'p', baseUrl: server.baseUrl, key: 'k' });
  expect(added).toMatchObject({ state: 'ready', models: ['test-model'] });
  expect(await call('providers.list', {})).toEqual({ providers: [added] });
  expect(await call('providers.test', { id: 'p' })).toMatchObject({ state: 'ready' });

  const events = await stream('chat.send', { text: ' Why? ', route: 'p/test-model' });
  const [started] = events;
  expect(events.at(-1)).toMatchObject({ type: 'done', finish: 'stop' });
  const id = started?.['conversationId'];
  const messageId = started?.['messageId'];
  const again = await stream('chat.regenerate', { conversationId: id, messageId });
  expect(again.at(-1)).toMatchObject({ type: 'done', conversationId: id });

  await call('chat.selectLeaf', { conversationId: id, leafId: messageId });
  await call('chat.rename', { id, title: 'Named' });
  expect(await call('chat.conversation', { id })).toMatchObject({
    title: 'Named',
    leafId: messageId,
    route: 'p/test-model',
  });
  expect(await call('chat.search', { query: 'why' })).toMatchObject({
    hits: [{ conversationId: id, title: 'Named' }],
  });
  await call('chat.delete', { id });
  expect(await call('chat.conversations', {})).toEqual({ conversations: [], total: 0 });
  await call('chat.restore', { id });
  expect(await call('chat.conversations', {})).toMatchObject({ total: 1 });

  await call('providers.remove', { id: 'p' });
  expect(await call('providers.list', {})).toEqual({ providers: [] });
});

test('what is over its limit stops at the border', async () => {
  await expect(stream('chat.send', { text: 'x'.repeat(32_001) })).rejects.toMatchObject({
    code: 'router/input-too-large',
  });
  await expect(stream('chat.send', { text: '  ' })).rejects.toMatchObject({
    code: 'router/invalid-input',
  });
  await expect(call('providers.add', { id: 'A/b', baseUrl: 'x' })).rejects.toMatchObject({
    code: 'router/invalid-input',
  });
});
