import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { providerHandlers } from '../../../src-main/router/handlers/providers.ts';
import { startSseServer, type SseServer, type SseServerOptions } from '../../helpers/sse-server.ts';
import { hear, makeProviders, type Providers } from './setup.ts';

let providers: Providers;
const servers: SseServer[] = [];

beforeEach(() => {
  providers = makeProviders();
});
afterEach(async () => {
  providers.close();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(options: SseServerOptions = {}): Promise<SseServer> {
  const server = await startSseServer(options);
  servers.push(server);
  return server;
}

const KEY = 'sk-very-secret-key-0123456789';

describe('base URL', () => {
  test.each([
    ['https://api.example.com/v1', 'https://api.example.com/v1'],
    [' https://API.Example.com:443/v1/ ', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/chat/completions', 'https://api.example.com/v1'],
    ['https://api.example.com/v1/models/', 'https://api.example.com/v1'],
    ['http://localhost:11434/v1', 'http://localhost:11434/v1'],
    ['http://127.0.0.1:1', 'http://127.0.0.1:1'],
    ['http://[::1]:8080/v1', 'http://[::1]:8080/v1'],
    ['http://2130706433/v1', 'http://127.0.0.1/v1'],
  ])('%s is stored as %s', async (given, stored) => {
    const added = await providers.service.add({ id: 'p', baseUrl: given, models: ['m'] });
    expect(added.baseUrl).toBe(stored);
    expect(added.state).toBe('untested');
  });

  test.each([
    'http://api.example.com/v1',
    'http://127.0.0.1.example.com/v1',
    'http://localhost.example.com',
    'http://169.254.169.254/latest',
    'http://0.0.0.0:80/',
    'http://[::ffff:7f00:1]/',
    'https://user:secret@api.example.com/v1',
    'https://secret@api.example.com/v1',
    'https://api.example.com/v1?api-key=secret',
    'https://api.example.com/v1#secret',
    'ftp://api.example.com',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'api.example.com',
    '//api.example.com',
    '',
  ])('%s is refused without repeating it', async (given) => {
    const error = await providers.service
      .add({ id: 'p', baseUrl: given, models: ['m'] })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'provider/bad-url' });
    expect(String(error)).not.toContain('secret');
    expect(providers.service.list()).toEqual([]);
  });
});

describe('a provider', () => {
  test('is added with the models that its endpoint names, those for chat first', async () => {
    const { baseUrl } = await serve({ models: ['text-embedding-1', 'a', 'b', 'a'], key: KEY });
    const added = await providers.service.add({ id: 'team', baseUrl, key: KEY });
    expect(added).toMatchObject({
      id: 'team',
      baseUrl,
      models: ['a', 'b', 'text-embedding-1'],
      hasKey: true,
      local: true,
      state: 'ready',
      error: null,
    });
    expect(added.testMs).toBeGreaterThan(0);
    expect(providers.service.firstReady()).toBe('team/a');
    expect(providers.topics).toContain('providers');
  });

  test('never gives its key away', async () => {
    const { baseUrl } = await serve({
      modelsScript: (exchange) => exchange.json(401, { error: { message: `no: ${KEY}` } }),
    });
    const added = await providers.service.add({ id: 'team', baseUrl, key: KEY });
    const all = JSON.stringify([added, providers.service.list(), await providers.service.checks()]);
    expect(all).toContain('provider/unauthorized');
    expect(all + providers.lines.join('')).not.toContain(KEY);
  });

  test('sends no Authorization and nothing about this machine without a key', async () => {
    const server = await serve();
    await providers.service.add({ id: 'team', baseUrl: server.baseUrl });
    const headers = server.requests[0]?.headers ?? {};
    expect(headers['authorization']).toBeUndefined();
    expect(Object.keys(headers).filter((name) => name.startsWith('x-'))).toEqual([]);
    expect(headers['user-agent']).toBe('Carrel');
  });

  test('keeps its key at the same address only', async () => {
    const server = await serve();
    const other = await serve();
    await providers.service.add({ id: 'team', baseUrl: server.baseUrl, key: KEY });
    await providers.service.add({ id: 'team', baseUrl: server.baseUrl });
    expect(server.requests.at(-1)?.headers['authorization']).toBe(`Bearer ${KEY}`);
    await expect(
      providers.service.add({ id: 'team', baseUrl: other.baseUrl }),
    ).rejects.toMatchObject({ code: 'provider/key-needed' });
    expect(other.requests).toEqual([]);
    expect(providers.service.list()[0]?.baseUrl).toBe(server.baseUrl);
  });

  test('with a key that no header can hold is refused', async () => {
    const baseUrl = 'https://api.example.com/v1';
    for (const key of ['a b', 'a\nb', 'schlüssel']) {
      await expect(
        providers.service.add({ id: 'p', baseUrl, key, models: ['m'] }),
      ).rejects.toMatchObject({ code: 'provider/bad-key' });
    }
    const added = await providers.service.add({ id: 'p', baseUrl, key: `${KEY}\n`, models: ['m'] });
    expect(added.hasKey).toBe(true);
    expect(providers.service.endpoint('p')?.key).toBe(KEY);
  });

  test('that fails is stored with what is wrong, and a test tells when it is well again', async () => {
    let broken = true;
    const { baseUrl } = await serve({
      modelsScript: (exchange) =>
        broken
          ? exchange.json(500, { error: { message: 'oops' } })
          : exchange.json(200, { data: [{ id: 'm' }] }),
    });
    const failed = await providers.service.add({ id: 'p', baseUrl });
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'provider/server-error' } });
    expect(providers.service.firstReady()).toBeNull();
    expect((await providers.service.checks())[0]).toMatchObject({ state: 'warn' });
    broken = false;
    expect(await providers.service.test('p')).toMatchObject({ state: 'ready', models: ['m'] });
    expect((await providers.service.checks())[0]).toMatchObject({ state: 'ok' });
  });

  test.each([
    ['not JSON', 'nope'],
    ['no list', '{"data":{}}'],
    ['not an object', '[]'],
  ])('whose list of models is %s fails its test', async (_, body) => {
    const { baseUrl } = await serve({
      modelsScript: (exchange) => {
        exchange.head(200, { 'content-type': 'application/json' });
        exchange.end(body);
      },
    });
    const added = await providers.service.add({ id: 'p', baseUrl });
    expect(added.error?.code).toBe('provider/bad-stream');
  });

  test('named with models keeps them, also when tested', async () => {
    const { baseUrl } = await serve({ models: ['other'] });
    await providers.service.add({ id: 'p', baseUrl, models: ['mine'] });
    expect(await providers.service.test('p')).toMatchObject({ state: 'ready', models: ['mine'] });
  });

  test('is judged by its answers too', async () => {
    const { baseUrl } = await serve({
      script: (n) => (n === 0 ? undefined : (exchange) => exchange.json(401, {})),
    });
    await providers.service.add({ id: 'p', baseUrl, models: ['m'] });
    const ask = () =>
      hear(
        providers.gateway.stream({
          providerId: 'p',
          model: 'm',
          signal: new AbortController().signal,
          messages: [{ role: 'user', content: 'x' }],
        }),
      );
    await ask();
    expect(providers.service.list()[0]?.state).toBe('ready');
    await ask();
    expect(providers.service.list()[0]).toMatchObject({
      state: 'failed',
      error: { code: 'provider/unauthorized' },
    });
  });

  test('is gone with its key when removed', async () => {
    await providers.service.add({
      id: 'p',
      baseUrl: 'https://a.example/v1',
      key: KEY,
      models: ['m'],
    });
    providers.service.remove('p');
    expect(providers.service.list()).toEqual([]);
    expect(providers.service.endpoint('p')).toBeNull();
    expect(() => providers.service.remove('p')).toThrow(/no provider/);
    await expect(providers.service.test('p')).rejects.toMatchObject({ code: 'provider/unknown' });
  });
});

test('a route is split at its first slash and checked', async () => {
  await providers.service.add({ id: 'p', baseUrl: 'https://a.example/v1', models: ['m'] });
  expect(providers.gateway.resolve('p/vendor/model')).toEqual({
    providerId: 'p',
    model: 'vendor/model',
  });
  expect(() => providers.gateway.resolve('q/m')).toThrow(/no provider/);
  expect(() => providers.gateway.resolve('p')).toThrow(/No model/);
  expect(providers.gateway.defaultRoute()).toBeNull();
});

test('local servers are found side by side, silent and strange ones are not', async () => {
  const good = await serve({ models: ['llama'] });
  const silent = await serve({ modelsScript: (exchange) => exchange.silence() });
  const strange = await serve({ modelsScript: (exchange) => exchange.end('<html>') });
  const closed = await startSseServer();
  await closed.close();
  providers.close();
  providers = makeProviders({
    localServers: [silent, good, strange, closed].map(({ baseUrl }, i) => ({
      id: `s${i}`,
      label: `S${i}`,
      baseUrl,
    })),
  });
  const { found } = await providerHandlers(providers.service)['providers.detect'](
    {},
    { signal: new AbortController().signal, cancelStream: () => false },
  );
  expect(found).toMatchObject([
    { id: 's1', label: 'S1', baseUrl: good.baseUrl, models: ['llama'] },
  ]);
});
