import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { AppError } from '../../src-contract/app-error.ts';
import { contract } from '../../src-contract/index.ts';
import { MAX_MESSAGE_CHARS } from '../../src-contract/limits.ts';
import { silentLogger } from '../../src-main/core/shared/logger.ts';
import type { CallContext } from '../../src-main/router/types.ts';
import { makeDispatcher } from './router.helper.ts';

const context: CallContext = { signal: new AbortController().signal, cancelStream: () => false };
const streaming = { signal: context.signal, emit: () => Promise.resolve() };

/** Names that every object has, and others that are no route. */
const NO_ROUTES = [
  '__proto__',
  'constructor',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'isPrototypeOf',
  '__defineGetter__',
  '',
  'chat',
  'chat.',
  'chat.send ',
  'CHAT.SEND',
  'x'.repeat(100_000),
  undefined,
  null,
  0,
  Symbol('chat.send'),
  ['chat.send'],
  { toString: () => 'chat.send' },
  { toString: 1, valueOf: 1 },
  Object.create(null),
];

describe('a route', () => {
  it.each(NO_ROUTES.map((route) => [route]))('%s is none', async (route) => {
    const dispatcher = makeDispatcher();
    const unknown = { code: 'router/unknown-route', remedy: expect.stringMatching(/\w/) };
    expect(() => dispatcher.kindOf(route)).toThrow(expect.objectContaining(unknown));
    await expect(dispatcher.call(route, {}, context)).rejects.toMatchObject(unknown);
    await expect(dispatcher.stream(route, {}, streaming)).rejects.toMatchObject(unknown);
    const error = await dispatcher.call(route, {}, context).catch((caught: unknown) => caught);
    expect(error instanceof AppError && error.message.length).toBeLessThan(200);
  });

  it('of the contract has its kind, and answers only as that', async () => {
    const dispatcher = makeDispatcher();
    for (const [name, { kind }] of Object.entries(contract)) {
      expect(dispatcher.kindOf(name)).toBe(kind);
      const other =
        kind === 'stream'
          ? dispatcher.call(name, {}, context)
          : dispatcher.stream(name, {}, streaming);
      await expect(other).rejects.toMatchObject({ code: 'router/unknown-route' });
    }
  });

  it('never throws anything but an AppError for what is no route', async () => {
    const dispatcher = makeDispatcher();
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.anything(), async (route, input) => {
        fc.pre(typeof route !== 'string' || !Object.hasOwn(contract, route));
        const error = await dispatcher
          .call(route, input, context)
          .catch((caught: unknown) => caught);
        expect(error).toBeInstanceOf(AppError);
        expect(dispatcher.toShape(error, route).code).toBe('router/unknown-route');
      }),
    );
  });
});

describe('input', () => {
  it('reaches the handler parsed, with its defaults', async () => {
    expect(await makeDispatcher().call('health.logs', {}, context)).toEqual({
      name: 'health.logs',
      input: { limit: 200, level: 'info' },
    });
  });

  it.each([
    ['health.logs', { limit: '5' }],
    ['health.logs', { limit: 5.5 }],
    ['health.logs', { limit: -1 }],
    ['health.logs', { limit: 1_001 }],
    ['health.logs', { limit: Number.NaN }],
    ['health.logs', { level: 'all' }],
    ['health.logs', { unknown: 1 }],
    ['health.logs', null],
    ['health.logs', undefined],
    ['health.logs', []],
    ['health.logs', 'text'],
    ['app.info', { a: 1 }],
    ['app.info', JSON.parse('{"__proto__":{"a":1}}')],
    ['chat.conversation', { id: '../../etc' }],
    ['chat.conversation', { id: 'A' }],
    ['chat.conversation', { id: { toString: 'x' } }],
    ['streams.cancel', { streamId: 0 }],
    ['settings.set', { key: '__proto__', value: 1 }],
    ['settings.set', { key: 'log.level', value: { a: 1 } }],
    ['settings.set', { key: 'log.level' }],
  ])('of %s that is %j is refused before the handler', async (route, input) => {
    let called = false;
    const dispatcher = makeDispatcher({ [route]: () => (called = true) });
    await expect(dispatcher.call(route, input, context)).rejects.toMatchObject({
      code: 'router/invalid-input',
      data: { route },
    });
    expect(called).toBe(false);
  });

  it.each([
    ['chat.rename', { id: 'a', title: 'x'.repeat(121) }],
    ['chat.search', { query: 'x'.repeat(1_001) }],
    ['chat.search', { query: 'x'.repeat(4_000_000) }],
    ['settings.set', { key: 'chat.route', value: 'x'.repeat(1_001) }],
  ])('of %s that is too long is told as that', async (route, input) => {
    await expect(makeDispatcher().call(route, input, context)).rejects.toMatchObject({
      code: 'router/input-too-large',
      remedy: expect.stringContaining('Shorten'),
    });
  });

  it('of a question is taken up to its limit and not one over', async () => {
    const dispatcher = makeDispatcher();
    const send = (length: number): Promise<void> =>
      dispatcher.stream('chat.send', { text: 'x'.repeat(length) }, streaming);
    await expect(send(MAX_MESSAGE_CHARS)).resolves.toBeUndefined();
    await expect(send(MAX_MESSAGE_CHARS + 1)).rejects.toMatchObject({
      code: 'router/input-too-large',
      message: expect.stringContaining('text'),
    });
  });

  it('is not repeated at length in what is said about it', async () => {
    const input = { ['k'.repeat(1_000_000)]: 1, limit: 'y'.repeat(1_000_000) };
    const error = await makeDispatcher()
      .call('health.logs', input, context)
      .catch((caught: unknown) => caught);
    expect(JSON.stringify((error as AppError).toShape()).length).toBeLessThan(2_000);
  });

  it('of any shape gives an answer or an AppError', async () => {
    const dispatcher = makeDispatcher();
    const calls = Object.entries(contract).filter(([, { kind }]) => kind !== 'stream');
    const route = fc.constantFrom(...calls.map(([name]) => name));
    await fc.assert(
      fc.asyncProperty(route, fc.anything({ withNullPrototype: true }), async (name, input) => {
        const result = await dispatcher
          .call(name, input, context)
          .catch((caught: unknown) => caught);
        if (result instanceof Error) expect(result).toBeInstanceOf(AppError);
        else expect(result).toBeDefined();
      }),
      { numRuns: 500 },
    );
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('an error of a handler', () => {
  it('that is an AppError is told as it is', async () => {
    const known = new AppError('x/y', 'm', { remedy: 'r', action: 'retry', data: { n: 1 } });
    const dispatcher = makeDispatcher({
      'app.info': () => {
        throw known;
      },
    });
    const error = await dispatcher.call('app.info', {}, context).catch((caught: unknown) => caught);
    expect(dispatcher.toShape(error, 'app.info')).toEqual({
      code: 'x/y',
      message: 'm',
      remedy: 'r',
      action: 'retry',
      data: { n: 1 },
    });
  });

  it.each([new Error('secret detail'), 'secret detail', null, { message: 'secret detail' }])(
    'that nobody expected is told by a log id only (%s)',
    (error) => {
      const logged: unknown[] = [];
      const logger = {
        ...silentLogger,
        error: (_m: string, fields: unknown) => logged.push(fields),
      };
      const shape = makeDispatcher({}, logger).toShape(error, { toString: 1 });
      expect(shape).toMatchObject({ code: 'internal', action: 'open-health' });
      expect(JSON.stringify(shape)).not.toContain('secret detail');
      const { logId } = shape.data as { logId: string };
      expect(shape.remedy).toContain(logId);
      expect(logged).toEqual([{ route: 'object', logId, error }]);
    },
  );

  it('of the store or of a full disk is told in words', () => {
    const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    const noSpace = Object.assign(new Error('write'), { code: 'ENOSPC' });
    const foreign = Object.assign(new Error('open /home/x'), { code: 'EACCES' });
    const dispatcher = makeDispatcher();
    expect(dispatcher.toShape(full, 'chat.send')).toMatchObject({ code: 'vault/disk-full' });
    expect(dispatcher.toShape(noSpace, 'chat.send')).toMatchObject({ code: 'vault/disk-full' });
    expect(dispatcher.toShape(foreign, 'knowledge.add')).toMatchObject({ code: 'internal' });
  });
});
