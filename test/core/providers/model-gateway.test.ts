import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../src-contract/app-error.ts';
import type { StreamLimits } from '../../../src-main/core/providers/limits.ts';
import { chunk, DEFAULT_ANSWER, event, gate, startSseServer } from '../../helpers/sse-server.ts';
import type { Script, SseServer, SseServerOptions } from '../../helpers/sse-server.ts';
import { hear, IMPATIENT, makeProviders, type Heard, type Providers } from './setup.ts';

let providers: Providers;
let server: SseServer | null = null;

beforeEach(() => {
  providers = makeProviders();
});
afterEach(async () => {
  providers.close();
  await server?.close();
  server = null;
});

const KEY = 'sk-very-secret-key-0123456789';

async function serve(options: SseServerOptions = {}): Promise<SseServer> {
  server = await startSseServer(options);
  await providers.service.add({
    id: 'local',
    baseUrl: server.baseUrl,
    key: KEY,
    models: ['test-model'],
  });
  return server;
}

function ask(
  signal: AbortSignal = new AbortController().signal,
): ReturnType<Providers['gateway']['stream']> {
  const messages = [{ role: 'user', content: 'Why?' }] as const;
  return providers.gateway.stream({ providerId: 'local', model: 'test-model', messages, signal });
}

async function answerOf(...scripts: Script[]): Promise<Heard> {
  await serve({ script: (n) => scripts[Math.min(n, scripts.length - 1)] });
  return hear(ask());
}

/** As if the person had set shorter limits. */
function limit(limits: Partial<StreamLimits>): void {
  providers.close();
  providers = makeProviders({ limits });
}

/** Sends without an end, giving everybody else in this process their turn. */
function flood(text: string): Script {
  return async (exchange) => {
    while (!exchange.gone) {
      await exchange.raw(text);
      await setImmediate();
    }
  };
}

function codeOf(heard: Heard): string {
  return heard.error instanceof AppError ? heard.error.code : String(heard.error);
}

describe('an answer', () => {
  test('is streamed whole, with usage and its end', async () => {
    const { chats } = await serve();
    const heard = await hear(ask());
    expect(heard.error).toBeNull();
    expect(heard.text).toBe(DEFAULT_ANSWER);
    expect(heard.end).toEqual({
      type: 'end',
      finish: 'stop',
      usage: { inputTokens: 11, outputTokens: 7, estimated: false },
    });
    expect(chats[0]?.headers['authorization']).toBe(`Bearer ${KEY}`);
    expect(chats[0]?.body).toEqual({
      model: 'test-model',
      messages: [{ role: 'user', content: 'Why?' }],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('begins before the server has sent its last', async () => {
    const more = gate();
    await serve({
      script: () => async (exchange) => {
        await exchange.delta('first');
        await more.passed;
        await exchange.delta(' second');
        await exchange.finish();
      },
    });
    const seen: string[] = [];
    for await (const item of ask()) {
      if (item.type !== 'delta') continue;
      seen.push(item.text);
      // The server is held until here: without a true stream this never opens.
      more.open();
    }
    expect(seen).toEqual(['first', ' second']);
  });

  test('survives servers with their own ideas of the format', async () => {
    const heard = await answerOf(async (exchange) => {
      await exchange.raw('\uFEFF: a comment\r\n\r\n');
      await exchange.raw(
        'event: message\r\ndata: {"choices":\r\ndata: [{"delta":{"content":"no role "}}]}\r\n\r\n',
      );
      await exchange.raw(event({ choices: [] }));
      await exchange.raw(event({ choices: [{ index: 1, delta: { content: 'another answer' } }] }));
      await exchange.raw(event({ choices: [{ index: 0, delta: null }] }));
      await exchange.raw(event(chunk({ content: null, reasoning_content: 'hm' })));
      await exchange.raw(event(chunk({ content: [{ type: 'text', text: 'in parts' }] })));
      await exchange.raw(
        event({ ...chunk({}, 'stop'), usage: { prompt_tokens: 1, completion_tokens: 2 } }),
      );
      await exchange.raw(event(chunk({}, 'length')));
      await exchange.raw('data: [DONE]');
    });
    expect(heard.error).toBeNull();
    expect(heard.text).toBe('no role in parts');
    expect(heard.end).toMatchObject({ finish: 'stop', usage: { inputTokens: 1, outputTokens: 2 } });
  });

  test.each([
    ['length', 'length'],
    ['max_tokens', 'length'],
    ['content_filter', 'truncated'],
    ['tool_calls', 'truncated'],
    ['STOP', 'stop'],
  ])('that ends with %s is told as %s', async (reason, finish) => {
    const heard = await answerOf(async (exchange) => {
      await exchange.delta('text');
      await exchange.finish(reason);
    });
    expect(heard.end?.finish).toBe(finish);
  });

  test.each([
    ['nothing', ''],
    ['the end marker only', 'data: [DONE]\n\n'],
    ['half an event', 'data: {"choices":[{"del'],
  ])('that ends with %s after its text is truncated', async (_, last) => {
    const heard = await answerOf(async (exchange) => {
      await exchange.delta('so far');
      await exchange.raw(last);
    });
    expect(heard.error).toBeNull();
    expect(heard.text).toBe('so far');
    expect(heard.end).toEqual({ type: 'end', finish: 'truncated', usage: null });
  });

  test('that has finished does not wait for usage that never comes', async () => {
    const heard = await answerOf(async (exchange) => {
      await exchange.raw(event(chunk({ content: 'all' }, 'stop')));
      await exchange.silence();
    });
    expect(heard.end).toEqual({ type: 'end', finish: 'stop', usage: null });
  });

  test('that has finished is not held open by small talk', async () => {
    const heard = await answerOf(async (exchange) => {
      await exchange.raw(event(chunk({ content: 'all' }, 'stop')));
      await flood(': still here\n')(exchange);
    });
    expect(heard.end).toEqual({ type: 'end', finish: 'stop', usage: null });
  });

  test('is asked again without usage where the server refuses to be asked for it', async () => {
    const heard = await answerOf(
      (exchange) => exchange.json(400, { error: { message: 'unknown field stream_options' } }),
      (exchange) => exchange.delta('fine').then(() => exchange.finish()),
    );
    expect(heard.text).toBe('fine');
    expect(heard.retries).toBe(0);
    expect(server?.chats.map((chat) => chat.body?.stream_options)).toEqual([
      { include_usage: true },
      undefined,
    ]);
  });

  test('uses its connection again', async () => {
    const { chats } = await serve();
    await hear(ask());
    await expect
      .poll(async () => {
        await hear(ask());
        return chats.at(-1)?.socket.port === chats.at(-2)?.socket.port;
      })
      .toBe(true);
  });
});

describe('a fault', () => {
  test.each([
    [400, 'provider/bad-request', 1],
    [401, 'provider/unauthorized', 1],
    [402, 'provider/no-credit', 1],
    [403, 'provider/forbidden', 1],
    [404, 'provider/unknown-model', 1],
    [409, 'provider/server-error', 3],
    [422, 'provider/bad-request', 1],
    [429, 'provider/rate-limited', 3],
    [500, 'provider/server-error', 3],
    [502, 'provider/server-error', 3],
    [503, 'provider/server-error', 3],
  ])('of status %i is %s after %i requests', async (status, code, requests) => {
    const heard = await answerOf((exchange) =>
      exchange.json(status, { error: { message: `because ${KEY} is wrong\u0007` } }),
    );
    expect(codeOf(heard)).toBe(code);
    expect(heard.end).toBeNull();
    expect(heard.retries).toBe(requests - 1);
    expect(server?.chats).toHaveLength(requests);
    const shape = (heard.error as AppError).toShape();
    expect(shape.remedy).not.toBe('');
    expect(shape.message).toContain('because [key] is wrong');
    expect(JSON.stringify([shape, providers.lines])).not.toContain(KEY);
  });

  test('that passes is retried, said at once, and heals', async () => {
    const heard = await answerOf(
      (exchange) => exchange.json(503, {}),
      (exchange) => exchange.delta('there').then(() => exchange.finish()),
    );
    expect(heard.events.map((item) => item.type)).toEqual(['retry', 'delta', 'end']);
    expect(heard.end?.finish).toBe('stop');
  });

  test('with a retry-after in reach waits as long as asked', async () => {
    const heard = await answerOf(
      (exchange) => exchange.json(429, {}, { 'retry-after-ms': '30' }),
      (exchange) => exchange.delta('there').then(() => exchange.finish()),
    );
    expect(heard.events[0]).toMatchObject({ type: 'retry', waitMs: 30 });
    expect(heard.text).toBe('there');
  });

  test.each([
    ['seconds', () => '3600'],
    ['a date', () => new Date(Date.now() + 3_600_000).toUTCString()],
  ])('with a retry-after of an hour (%s) is told, not waited for', async (_, value) => {
    const heard = await answerOf((exchange) => exchange.json(429, {}, { 'retry-after': value() }));
    expect(codeOf(heard)).toBe('provider/rate-limited');
    const { data, remedy } = heard.error as AppError;
    expect(data?.['retryAfterMs']).toBeGreaterThan(3_590_000);
    expect(remedy).toMatch(/\d{4} s/);
    expect(server?.chats).toHaveLength(1);
  });

  test('of an empty quota is not retried', async () => {
    const heard = await answerOf((exchange) =>
      exchange.json(429, { error: { message: 'You exceeded it', code: 'insufficient_quota' } }),
    );
    expect(codeOf(heard)).toBe('provider/no-credit');
    expect(server?.chats).toHaveLength(1);
  });

  test('of slow headers is noticed at its limit', async () => {
    limit(IMPATIENT);
    const heard = await answerOf(async (exchange) => {
      await exchange.silence();
    });
    expect(codeOf(heard)).toBe('provider/slow-headers');
  });

  test('of silence after the headers is noticed at the idle limit', async () => {
    limit(IMPATIENT);
    const heard = await answerOf(async (exchange) => {
      exchange.head();
      await exchange.silence();
    });
    expect(codeOf(heard)).toBe('provider/stalled');
    expect(heard.end).toBeNull();
  });

  test('of silence in the middle keeps the text and never ends well', async () => {
    limit(IMPATIENT);
    const heard = await answerOf(async (exchange) => {
      await exchange.delta('half');
      await exchange.silence();
    });
    expect(heard.text).toBe('half');
    expect(codeOf(heard)).toBe('provider/stalled');
    expect(server?.chats).toHaveLength(1);
  });

  test('of a connection cut in the middle of an event is told after the text', async () => {
    const read = gate();
    await serve({
      script: () => async (exchange) => {
        await exchange.delta('half');
        await exchange.raw('data: {"choices":[{"delta":{"con');
        await read.passed;
        exchange.cut();
      },
    });
    let text = '';
    const error = await (async () => {
      for await (const item of ask()) {
        if (item.type === 'delta') text += item.text;
        read.open();
      }
      return null;
    })().catch((thrown: unknown) => thrown);
    expect(text).toBe('half');
    expect(error).toMatchObject({ code: 'provider/cut' });
  });

  test('of a connection cut before anything came is retried', async () => {
    const heard = await answerOf(
      (exchange) => exchange.cut(),
      (exchange) => exchange.delta('there').then(() => exchange.finish()),
    );
    expect(heard.events[0]?.type).toBe('retry');
    expect(heard.text).toBe('there');
  });

  test.each([
    ['JSON that is none', 'data: {nonsense\n\n', 'provider/bad-stream'],
    ['events that are no objects', 'data: 7\n\n', 'provider/bad-stream'],
    ['a web page', '<!doctype html><p>Welcome</p>', 'provider/bad-stream'],
    ['an empty body', '', 'provider/bad-stream'],
    [
      'an error object',
      event({ error: { message: 'overloaded', code: 529 } }),
      'provider/server-error',
    ],
    ['an error event', 'event: error\ndata: {"message":"bad thing"}\n\n', 'provider/server-error'],
    ['a late rate limit', event({ error: { type: 'rate_limit_error' } }), 'provider/rate-limited'],
  ])('of %s in the stream', async (_, bytes, code) => {
    const heard = await answerOf((exchange) => exchange.raw(bytes));
    expect(codeOf(heard)).toBe(code);
    expect(heard.end).toBeNull();
  });

  test('of an error object after text is thrown, not retried', async () => {
    const heard = await answerOf(async (exchange) => {
      await exchange.delta('half');
      await exchange.raw(event({ error: { message: `no ${KEY}` } }));
    });
    expect(codeOf(heard)).toBe('provider/server-error');
    expect(heard.text).toBe('half');
    expect((heard.error as AppError).message).toContain('no [key]');
    expect(server?.chats).toHaveLength(1);
  });

  test('of an answer without an end is stopped at the caps', async () => {
    limit({ maxBytes: 20_000, maxChars: 1_000 });
    const endless = [
      event(chunk({ content: 'x'.repeat(100) })),
      `: ${'x'.repeat(1_000)}\n`,
      'x'.repeat(5_000),
      `data: ${'x'.repeat(5_000)}`,
    ];
    for (const text of endless) {
      expect(codeOf(await answerOf(flood(text)))).toBe('provider/too-large');
      await server?.close();
    }
  });

  test('of a redirect sends the key nowhere else', async () => {
    const other = await startSseServer();
    try {
      const heard = await answerOf((exchange) => {
        exchange.head(307, { location: `${other.baseUrl}/chat/completions` });
      });
      expect(codeOf(heard)).toBe('provider/redirected');
      expect(other.requests).toEqual([]);
    } finally {
      await other.close();
    }
  });

  test('of an endless error answer is cut short', async () => {
    const heard = await answerOf(async (exchange) => {
      exchange.head(500);
      await flood('x'.repeat(10_000))(exchange);
    });
    expect(codeOf(heard)).toBe('provider/server-error');
    expect((heard.error as AppError).message.length).toBeLessThan(500);
  });

  test('of a closed port or an unknown name is told at once', async () => {
    const gone = await serve();
    await gone.close();
    server = null;
    const heard = await hear(ask());
    expect(codeOf(heard)).toBe('provider/refused');
    expect(heard.retries).toBe(0);
    const baseUrl = 'https://carrel-test.invalid/v1';
    await providers.service.add({ id: 'local', baseUrl, key: KEY, models: ['test-model'] });
    expect(codeOf(await hear(ask()))).toBe('provider/dns');
  });

  test('of TLS is told as such', async () => {
    const plain = await serve();
    await providers.service.add({
      id: 'local',
      baseUrl: plain.baseUrl.replace('http:', 'https:'),
      key: KEY,
      models: ['test-model'],
    });
    expect(codeOf(await hear(ask()))).toBe('provider/tls');
  });
});

describe('stop', () => {
  test('in the middle ends as cancelled and lets the server go', async () => {
    const gone = gate();
    await serve({
      script: () => async (exchange) => {
        await exchange.delta('half');
        await exchange.closed;
        gone.open();
      },
    });
    const controller = new AbortController();
    const events = [];
    for await (const item of ask(controller.signal)) {
      events.push(item);
      controller.abort();
    }
    expect(events).toEqual([
      { type: 'delta', text: 'half' },
      { type: 'end', finish: 'cancelled', usage: null },
    ]);
    await gone.passed;
  });

  test('before the headers, while waiting for a retry, and before the start', async () => {
    const early = new AbortController();
    await serve({
      script: () => async (exchange) => {
        early.abort();
        await exchange.silence();
      },
    });
    const cancelled = [{ type: 'end', finish: 'cancelled', usage: null }];
    expect((await hear(ask(early.signal))).events).toEqual(cancelled);
    expect((await hear(ask(AbortSignal.abort()))).events).toEqual(cancelled);
    await server?.close();
    await serve({ script: () => (exchange) => exchange.json(429, {}, { 'retry-after': '1' }) });
    const waiting = new AbortController();
    const events = [];
    for await (const item of ask(waiting.signal)) {
      events.push(item);
      waiting.abort();
    }
    expect(events).toMatchObject([{ type: 'retry' }, { type: 'end', finish: 'cancelled' }]);
  });

  test('by a reader that leaves closes the connection', async () => {
    const gone = gate();
    await serve({
      script: () => async (exchange) => {
        await exchange.delta('half');
        await exchange.closed;
        gone.open();
      },
    });
    for await (const item of ask()) {
      if (item.type === 'delta') break;
    }
    await gone.passed;
  });
});

test('two hundred streams at once arrive whole, and cancelling one leaves the others alone', async () => {
  const ready = gate();
  let waiting = 0;
  await serve({
    script: (n) => async (exchange) => {
      await exchange.delta(`begin ${exchange.request.body?.messages[0]?.content ?? ''} `);
      waiting += 1;
      if (waiting === 200) ready.open();
      await ready.passed;
      for (let i = 0; i < 20 && !exchange.gone; i++) await exchange.delta(`${n}.`);
      await exchange.finish();
    },
  });
  const controllers = Array.from({ length: 200 }, () => new AbortController());
  const heard = await Promise.all(
    controllers.map(async ({ signal }, i) => {
      const stream = providers.gateway.stream({
        providerId: 'local',
        model: 'test-model',
        signal,
        messages: [{ role: 'user', content: `#${i}` }],
      });
      if (i === 7) void ready.passed.then(() => controllers[7]?.abort());
      return hear(stream);
    }),
  );
  expect(heard[7]?.error).toBeNull();
  heard.forEach((one, i) => {
    expect(one.text.startsWith(`begin #${i} `)).toBe(true);
    if (i === 7) return;
    expect(one.end?.finish).toBe('stop');
    expect(one.text.slice(`begin #${i} `.length).split('.')).toHaveLength(21);
  });
});
