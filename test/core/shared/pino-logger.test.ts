import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src-contract/app-error.ts';
import {
  createPinoLogger,
  type PinoLogger,
  type PinoLoggerOptions,
} from '../../../src-main/core/shared/pino-logger.ts';

let dir: string;
let now: number;
const clock = { now: () => now, monotonic: () => now };

beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'carrel-log-')), 'logs');
  now = 1_000;
});
afterEach(() => rmSync(join(dir, '..'), { recursive: true, force: true }));

function make(options: Partial<PinoLoggerOptions> = {}): PinoLogger {
  return createPinoLogger({ dir, level: 'info', clock, ...options });
}

const text = (name = 'engine.log'): string => readFileSync(join(dir, name), 'utf8');
const lines = (): Record<string, unknown>[] =>
  text()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the log', () => {
  it('is JSON lines with time, level, scope and fields, in order and to the owner only', async () => {
    const logger = make();
    logger.info('first');
    now = 2_000;
    logger.child('library').child('git').warn('second', { ms: 12, path: 'a/b', ok: true });
    await logger.flush();
    now = 3_000;
    logger.child('library').error('third %s', { n: 1 });
    await logger.close();
    expect(lines()).toEqual([
      { level: 'info', time: 1_000, scope: 'engine', msg: 'first' },
      {
        level: 'warn',
        time: 2_000,
        scope: 'library.git',
        msg: 'second',
        fields: { ms: 12, path: 'a/b', ok: true },
      },
      { level: 'error', time: 3_000, scope: 'library', msg: 'third %s', fields: { n: 1 } },
    ]);
    expect(statSync(join(dir, 'engine.log')).mode & 0o777).toBe(0o600);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(logger.writer).toEqual({ dropped: 0, problem: null });
  });

  it('leaves out what is below its level, which can change', async () => {
    const logger = make({ level: 'warn' });
    logger.info('no');
    logger.setLevel('debug');
    logger.debug('yes');
    await logger.close();
    expect(lines().map(({ msg }) => msg)).toEqual(['yes']);
  });

  it('writes nothing and makes no folder while nothing is logged', async () => {
    await make().close();
    expect(() => readdirSync(dir)).toThrow('ENOENT');
  });

  it('goes on after it was closed', async () => {
    const logger = make();
    logger.info('one');
    await logger.close();
    logger.info('two');
    await logger.close();
    expect(lines().map(({ msg }) => msg)).toEqual(['one', 'two']);
  });

  it.each(['info', 'error'])(
    'has the last line (%s) of a process that ends at once',
    async (level) => {
      const helper = join(import.meta.dirname, 'log-and-crash.helper.ts');
      const code = await new Promise((resolve) => {
        execFile(process.execPath, ['--no-warnings', helper, dir, level], (error) =>
          resolve(error?.code),
        );
      });
      expect(code).toBe(1);
      expect(lines()).toMatchObject([{ level, msg: 'last words', fields: { key: '[redacted]' } }]);
    },
  );

  it('gives errors with code and stack, without their secrets', async () => {
    const logger = make();
    const cause = new Error('GET https://me:hunter2@example.com failed');
    logger.error('failed', {
      error: new AppError('library/unreachable', 'The remote is gone', {
        remedy: 'Wait',
        data: { url: 'https://token@example.com/x', token: 'abc' },
        cause,
      }),
    });
    await logger.close();
    const fields = lines()[0]?.['fields'] as { error: unknown } | undefined;
    expect(fields?.error).toMatchObject({
      name: 'AppError',
      code: 'library/unreachable',
      message: 'The remote is gone',
      data: { url: 'https://[redacted]@example.com/x', token: '[redacted]' },
      cause: { name: 'Error', message: 'GET https://[redacted]@example.com failed' },
      stack: expect.stringContaining('pino-logger.test.ts'),
    });
    expect(text()).not.toMatch(/hunter2|token@/);
  });
});

describe('rotation', () => {
  it('keeps a number of files of a size, newest first, and loses no line of those', async () => {
    const logger = make({ maxBytes: 2_000, maxFiles: 3 });
    for (let n = 0; n < 100; n += 1) logger.info(`line ${n}`, { filler: 'x'.repeat(40) });
    await logger.close();
    expect(readdirSync(dir).toSorted()).toEqual(['engine.1.log', 'engine.2.log', 'engine.log']);
    for (const name of readdirSync(dir)) {
      expect(statSync(join(dir, name)).size).toBeLessThanOrEqual(2_000);
      expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
    }
    const kept = await logger.tail(1_000, 'info');
    const numbers = kept.map(({ message }) => Number(/^line (\d+)/.exec(message)?.[1]));
    expect(numbers.length).toBeGreaterThan(30);
    expect(numbers).toEqual(numbers.map((_, at) => 100 - numbers.length + at));
  });

  it('by another engine of the same folder is followed, not repeated', async () => {
    const first = make({ maxBytes: 1_000, maxFiles: 4 });
    const second = make({ maxBytes: 1_000, maxFiles: 4 });
    for (let n = 0; n < 24; n += 1) {
      const logger = n % 2 === 0 ? first : second;
      logger.info(`line ${n}`);
      await logger.flush();
    }
    const kept = await first.tail(1_000, 'info');
    expect(kept.map(({ message }) => message).toSorted()).toEqual(
      Array.from({ length: 24 }, (_, n) => `line ${n}`).toSorted(),
    );
    await Promise.all([first.close(), second.close()]);
  });

  it('begins with what is there from an earlier run', async () => {
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'engine.log'), `${'y'.repeat(990)}\n`);
    const logger = make({ maxBytes: 1_000 });
    logger.info('new');
    await logger.close();
    expect(lines()).toMatchObject([{ msg: 'new' }]);
    expect(text('engine.1.log')).toContain('yyy');
  });
});

describe('tail', () => {
  it('gives the newest lines of a level, oldest first, with their fields in words', async () => {
    const logger = make({ level: 'debug' });
    logger.debug('a');
    logger.warn('b', { route: 'chat.send', logId: 'x1', n: 2 });
    logger.info('c');
    logger.error('d');
    expect(await logger.tail(2, 'info')).toEqual([
      { at: 1_000, level: 'info', scope: 'engine', message: 'c' },
      { at: 1_000, level: 'error', scope: 'engine', message: 'd' },
    ]);
    expect((await logger.tail(10, 'warn')).map(({ message }) => message)).toEqual([
      'b route=chat.send logId=x1 n=2',
      'd',
    ]);
    expect(await logger.tail(10, 'debug')).toHaveLength(4);
    await logger.close();
  });

  it('is empty without a log, and leaves out torn lines', async () => {
    const logger = make();
    expect(await logger.tail(10, 'debug')).toEqual([]);
    logger.info('whole');
    await logger.flush();
    writeFileSync(join(dir, 'engine.log'), `{"level":"in\nhello\n{"a":1}\n\n${text()}{"level"`);
    expect((await logger.tail(10, 'debug')).map(({ message }) => message)).toEqual(['whole']);
    await logger.close();
  });
});

describe('a log that can not be written', () => {
  it('never throws, counts what is lost, and goes on when it can', async () => {
    writeFileSync(dir, 'a file in the way');
    const logger = make();
    logger.info('lost');
    logger.error('lost too');
    await logger.flush();
    expect(logger.writer.dropped).toBe(2);
    expect(logger.writer.problem).toMatch(/EEXIST|ENOTDIR/);
    rmSync(dir);
    logger.info('there');
    expect(logger.writer).toEqual({ dropped: 2, problem: null });
    await logger.close();
    expect(lines().map(({ msg }) => msg)).toEqual(['there']);
  });

  it('does not throw for what can not be shown', async () => {
    const logger = make();
    const circular: Record<string, unknown> = { n: 1n, f: () => 1, s: Symbol('s') };
    circular['self'] = circular;
    logger.info('odd', circular);
    logger.info('getter', {
      get bad(): never {
        throw new Error('no');
      },
    });
    logger.info('proxy', new Proxy({}, { ownKeys: () => ['a', 'a'] }));
    logger.info(undefined as unknown as string);
    logger.info('not a number', { n: Number.NaN, d: new Date(Number.NaN), b: Buffer.from('abc') });
    await logger.close();
    expect(lines().map(({ fields }) => fields)).toEqual([
      { n: '1', f: '[function]', s: '[symbol]', self: '[circular]' },
      '[unreadable Error]',
      '[unreadable TypeError]',
      { n: 'NaN', d: '[no date]', b: '[3 bytes]' },
    ]);
    expect(logger.writer.dropped).toBe(1);
  });
});
