import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-contract/app-error.ts';
import { healthReport, type Check } from '../../../src-contract/health.ts';
import { HealthService, type HealthDeps } from '../../../src-main/core/health/health-service.ts';
import { makeCheck } from '../../../src-main/core/health/make-check.ts';
import type { HealthSource } from '../../../src-main/core/health/ports.ts';
import { silentLogger } from '../../../src-main/core/shared/logger.ts';
import { healthHandlers } from '../../../src-main/router/handlers/health.ts';

const one = (id: string, state: Check['state']): Check =>
  makeCheck({ id, title: id, state, message: 'm' });
const source = (...checks: Check[]): HealthSource => ({ checks: () => Promise.resolve(checks) });

function make(
  sources: Record<string, HealthSource>,
  more: Partial<HealthDeps> = {},
): HealthService {
  return new HealthService({
    sources,
    machine: {
      storeBytes: () => Promise.resolve(10),
      diskFreeBytes: () => Promise.resolve(20.4),
      memoryBytes: () => 30,
    },
    startedAt: 1,
    clock: { now: () => 2, monotonic: () => 0 },
    logger: silentLogger,
    ...more,
  });
}

describe('the report', () => {
  it('has every check in order, the worst state and the figures', async () => {
    const report = await make({
      a: source(one('a', 'ok'), one('a.b', 'warn')),
      c: source(one('c', 'ok')),
      d: source(),
    }).report();
    expect(report).toEqual({
      state: 'warn',
      at: 2,
      checks: [one('a', 'ok'), one('a.b', 'warn'), one('c', 'ok')],
      machine: { engineStartedAt: 1, storeBytes: 10, diskFreeBytes: 20, engineMemoryBytes: 30 },
    });
    expect(healthReport().parse(report)).toEqual(report);
  });

  it('fails where one fails, and is ok with nothing to check', async () => {
    const failing = make({ a: source(one('a', 'fail')), b: source(one('b', 'warn')) });
    expect((await failing.report()).state).toBe('fail');
    expect((await make({}).report()).state).toBe('ok');
  });

  it('turns a part that throws into a failed check with what is known', async () => {
    const known = new AppError('x/y', 'The disk is gone.', {
      remedy: 'Plug it in.',
      action: 'retry',
    });
    const report = await make({
      sync: {
        checks: () => {
          throw new Error('secret detail');
        },
      },
      library: { checks: () => Promise.reject(known) },
      fine: source(one('fine', 'ok')),
    }).report();
    expect(report.state).toBe('fail');
    expect(report.checks).toMatchObject([
      { id: 'sync.check', title: 'Sync', state: 'fail', message: 'It could not be checked.' },
      {
        id: 'library.check',
        state: 'fail',
        message: 'The disk is gone.',
        remedy: 'Plug it in.',
        action: 'retry',
      },
      { id: 'fine', state: 'ok' },
    ]);
    expect(JSON.stringify(report)).not.toContain('secret detail');
    expect(healthReport().parse(report)).toEqual(report);
  });

  it('turns a part that does not answer into a failed check, and does not wait for it', async () => {
    const hanging: HealthSource = { checks: () => new Promise(() => undefined) };
    const report = await make(
      { hanging, fine: source(one('fine', 'ok')) },
      { sourceTimeoutMs: 30 },
    ).report();
    expect(report.checks).toMatchObject([
      { id: 'hanging.check', state: 'fail', action: 'retry' },
      { id: 'fine', state: 'ok' },
    ]);
  });

  it('is still there when a figure can not be read', async () => {
    const machine = {
      storeBytes: () => Promise.reject(new Error('EIO')),
      diskFreeBytes: () => Promise.reject(new Error('EIO')),
      memoryBytes: () => 1,
    };
    expect((await make({}, { machine }).report()).machine).toMatchObject({
      storeBytes: 0,
      diskFreeBytes: 0,
    });
  });

  it('runs once for all who ask at the same time, and anew for who asks later', async () => {
    let runs = 0;
    const service = make({
      a: {
        checks: () => {
          runs += 1;
          return Promise.resolve([]);
        },
      },
    });
    await Promise.all([service.report(), service.report()]);
    expect(runs).toBe(1);
    await service.report();
    expect(runs).toBe(2);
  });
});

describe('the routes', () => {
  it('answer with the report and the lines', async () => {
    const asked: unknown[] = [];
    const handlers = healthHandlers(make({}), {
      tail: (...values) => {
        asked.push(values);
        return Promise.resolve([{ at: 1, level: 'warn', scope: 's', message: 'm' }]);
      },
    });
    const context = { signal: new AbortController().signal, cancelStream: () => false };
    expect(await handlers['health.report']({}, context)).toMatchObject({ state: 'ok' });
    expect(await handlers['health.logs']({ limit: 5, level: 'warn' }, context)).toEqual({
      lines: [{ at: 1, level: 'warn', scope: 's', message: 'm' }],
    });
    expect(asked).toEqual([[5, 'warn']]);
  });
});
