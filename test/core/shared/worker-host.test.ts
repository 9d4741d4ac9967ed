import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { threadSpawner } from '../../../src-main/shell/spawners.ts';
import { BROKEN, JOBS, kinds, useHosts, type Made } from './worker-host.helper.ts';

const { make, folder } = useHosts();

describe.each(kinds)('jobs in %s', (kind, spawner) => {
  const start = (idleMs?: number): Made => make(spawner(JOBS), idleMs);

  it('start the worker at the first one, run in order in the same one, apart from here', async () => {
    const { host, starts } = start();
    expect(host.state).toEqual({ kind: 'idle' });
    expect(starts()).toBe(0);
    const order: number[] = [];
    const jobs = [3, 1, 2].map(async (n) => {
      await host.run('echo', n);
      order.push(n);
    });
    expect(host.state).toMatchObject({ kind: 'running' });
    await Promise.all(jobs);
    expect(order).toEqual([3, 1, 2]);
    const where = await host.run('where', null);
    expect(where).toMatch(kind === 'a thread' ? /^thread [1-9]/ : /^process \d+/);
    expect(where).not.toBe(`process ${process.pid}`);
    expect(starts()).toBe(1);
    expect(host.state).toEqual({ kind: 'idle' });
  });

  it('take and give what can be cloned, bytes and dates too', async () => {
    const { host } = start();
    const value = {
      bytes: new Uint8Array([1, 2, 255]),
      date: new Date(5),
      map: new Map([[1, 'a']]),
      none: undefined,
    };
    expect(await host.run('echo', value)).toEqual(value);
  });

  it('report on their way, in order', async () => {
    const { host } = start();
    const seen: number[] = [];
    expect(await host.run('count', 20, { onProgress: (n) => seen.push(n) })).toBe(20);
    expect(seen).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });

  it('go on when a listener of their progress throws', async () => {
    const { host, warnings } = start();
    const onProgress = (): never => {
      throw new Error('listener');
    };
    expect(await host.run('count', 3, { onProgress })).toBe(3);
    expect(warnings()).toBe(3);
  });

  it('keep code, remedy and data of their error', async () => {
    const { host, starts } = start();
    await expect(host.run('failApp', null)).rejects.toMatchObject({
      name: 'AppError',
      code: 'test/told',
      message: 'It went wrong.',
      remedy: 'Do it again.',
      action: 'retry',
      data: { n: 1 },
    });
    await expect(host.run('failSystem', join(folder(), 'no', 'file'))).rejects.toMatchObject({
      code: 'ENOENT',
      message: expect.stringContaining('no such file'),
      stack: expect.stringContaining('jobs.helper'),
    });
    await expect(host.run('throwText', null)).rejects.toMatchObject({ message: 'only text' });
    expect(await host.run('echo', 'alive')).toBe('alive');
    expect(starts()).toBe(1);
  });

  it('with a name that is none, also an inherited one, fail and harm nothing', async () => {
    const { host } = start();
    for (const name of ['nothing', 'toString', '__proto__', 'constructor']) {
      await expect(host.run(name as 'echo', 1)).rejects.toThrow(`unknown job ${name}`);
    }
    expect(await host.run('echo', 1)).toBe(1);
  });

  it('that can not be sent, in or out, fail and harm nothing', async () => {
    const { host } = start();
    await expect(host.run('echo', () => 1)).rejects.toMatchObject({ code: 'worker/bad-input' });
    await expect(host.run('uncloneable', null)).rejects.toThrow(/clone/);
    expect(await host.run('echo', 1)).toBe(1);
  });

  it('are tried once more when their worker dies', async () => {
    const { host, starts } = start();
    expect(await host.run('crashOnce', join(folder(), 'marker'))).toBe('second time');
    expect(starts()).toBe(2);
  });

  it.each(['exit', 'crash'] as const)(
    'that end their worker twice (%s) are set aside; the others go on',
    async (job) => {
      const { host, starts, warnings } = start();
      const bad = host.run(job, job === 'exit' ? 3 : null);
      const good = host.run('echo', 'next');
      await expect(bad).rejects.toMatchObject({
        code: 'worker/job-set-aside',
        data: { job },
        message: expect.stringContaining(job === 'exit' && kind === 'a process' ? '3' : ''),
      });
      expect(await good).toBe('next');
      expect(starts()).toBe(3);
      expect(warnings()).toBe(2);
    },
  );

  it('over their time are ended, whatever they do; the next gets a new worker', async () => {
    const { host, starts, warnings } = start();
    await host.run('echo', 'warm');
    const late = host.run('block', null, { timeoutMs: 100 });
    const next = host.run('echo', 'next');
    await expect(late).rejects.toMatchObject({ code: 'worker/timeout' });
    expect(await next).toBe('next');
    expect(starts()).toBe(2);
    expect(warnings()).toBe(0);
  });

  it('hear of their cancellation and keep their worker', async () => {
    const { host, starts } = start();
    const controller = new AbortController();
    const cancelled = host.run('untilCancelled', null, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'worker/cancelled' });
    expect(await host.run('echo', 1)).toBe(1);
    expect(starts()).toBe(1);
  });

  it('done before they heard of their cancellation give their result', async () => {
    const { host } = start();
    const controller = new AbortController();
    const result = host.run('doneDespiteCancel', null, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(await result).toBe('it had happened');
  });

  it('cancelled while they wait never run', async () => {
    const { host } = start();
    const controller = new AbortController();
    const first = host.run('count', 20);
    const waiting = host.run('crashOnce', join(folder(), 'marker'), { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'worker/cancelled' });
    await expect(host.run('echo', 1, { signal: controller.signal })).rejects.toMatchObject({
      code: 'worker/cancelled',
    });
    expect(await first).toBe(20);
    expect(await host.run('crashOnce', join(folder(), 'other'))).toBe('second time');
  });

  it('fail with the host when it is closed, running or waiting', async () => {
    const { host } = start();
    const running = host.run('deafToCancel', null, { onProgress: () => host.close() });
    const waiting = host.run('echo', 1);
    await expect(running).rejects.toMatchObject({ code: 'worker/closed' });
    await expect(waiting).rejects.toMatchObject({ code: 'worker/closed' });
    await expect(host.run('echo', 1)).rejects.toMatchObject({ code: 'worker/closed' });
  });

  it('that stay away end the worker after a while; the next one starts another', async () => {
    const { host, starts } = start(50);
    const first = await host.run('where', null);
    await expect
      .poll(async () => (await host.run('where', null)) !== first, {
        interval: 400,
        timeout: 20_000,
      })
      .toBe(true);
    expect(starts()).toBeGreaterThan(1);
  });
});

describe('a worker that can not start', () => {
  it('because it can not be spawned brakes as well', async () => {
    const { host, starts } = make(() => {
      throw new Error('no more processes');
    });
    await expect(host.run('echo', 1)).rejects.toMatchObject({ code: 'worker/crash-loop' });
    expect(starts()).toBe(5);
  });

  it('starts again with growing waits', async () => {
    const at: number[] = [];
    const { host } = make(() => {
      at.push(performance.now());
      throw new Error('no');
    });
    await expect(host.run('echo', 1)).rejects.toMatchObject({ code: 'worker/crash-loop' });
    const waits = at.slice(1).map((time, n) => time - (at[n] ?? 0));
    for (const [n, least] of [100, 200, 400, 800].entries()) {
      // Timers may be a millisecond early.
      expect(waits[n]).toBeGreaterThanOrEqual(least - 2);
    }
  });

  it('goes on when it can after all', async () => {
    let tries = 0;
    const { host } = make(() => {
      tries += 1;
      return threadSpawner(tries < 3 ? BROKEN : JOBS)();
    });
    expect(await host.run('echo', 'at last')).toBe('at last');
    expect(host.state).toEqual({ kind: 'idle' });
  });
});

describe('the host', () => {
  it('does not stay in the listeners of a signal that lives on', async () => {
    const { host } = make(threadSpawner(JOBS));
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, 'addEventListener');
    const remove = vi.spyOn(signal, 'removeEventListener');
    await host.run('echo', 1, { signal });
    await expect(host.run('failApp', null, { signal })).rejects.toThrow();
    expect(add).toHaveBeenCalledTimes(2);
    expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(
      add.mock.calls.map(([, listener]) => listener),
    );
  });

  it('ends a worker whose jobs were all cancelled before it was there', async () => {
    let kills = 0;
    const { host } = make(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const worker = await threadSpawner(JOBS)();
      return {
        ...worker,
        kill: () => {
          kills += 1;
          worker.kill();
        },
      };
    }, 20);
    const controller = new AbortController();
    const job = host.run('echo', 1, { signal: controller.signal });
    controller.abort();
    await expect(job).rejects.toMatchObject({ code: 'worker/cancelled' });
    await expect.poll(() => kills).toBe(1);
  });

  it('gives a killed worker no more work, though it still answers', async () => {
    const posted: string[] = [];
    const listeners = {
      message: (_m: never): void => undefined,
      exit: (_r: string): void => undefined,
    };
    const { host } = make(() => ({
      post: (message) => posted.push(message.t === 'run' ? message.job : message.t),
      onMessage: (listener) => {
        listeners.message = listener;
      },
      onExit: (listener) => {
        listeners.exit = listener;
      },
      kill: () => posted.push('kill'),
    }));
    const late = host.run('block', null, { timeoutMs: 10 });
    const next = host.run('echo', 1);
    await expect.poll(() => posted).toEqual(['block', 'kill']);
    listeners.message({ t: 'done', id: 1, output: 'too late' } as never);
    expect(posted).toEqual(['block', 'kill']);
    listeners.exit('SIGKILL');
    await expect(late).rejects.toMatchObject({ code: 'worker/timeout' });
    await expect.poll(() => posted).toEqual(['block', 'kill', 'echo']);
    listeners.message({ t: 'done', id: 2, output: 1 } as never);
    expect(await next).toBe(1);
  });

  it('refuses more than it can hold', async () => {
    const { host } = make(() => new Promise(() => undefined));
    const waiting = Array.from({ length: 10_000 }, () => host.run('echo', 1));
    await expect(host.run('echo', 1)).rejects.toMatchObject({ code: 'worker/queue-full' });
    host.close();
    const ends = await Promise.allSettled(waiting);
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
  });
});
