import { describe, expect, it, vi } from 'vitest';
import { threadSpawner } from '../../../src-main/shell/spawners.ts';
import { BROKEN, JOBS, kinds, useHosts } from './worker-host.helper.ts';

/** What takes long because a worker has to fill its memory, or wait between its attempts. */
const { make } = useHosts();

describe.each(kinds)('jobs in %s', (_kind, spawner) => {
  const start = () => make(spawner(JOBS));

  it('that take all memory end their worker, not this process', { timeout: 60_000 }, async () => {
    const { host } = start();
    await expect(host.run('fillMemory', null)).rejects.toMatchObject({
      code: 'worker/job-set-aside',
    });
    expect(await host.run('echo', 1)).toBe(1);
  });

  it('deaf to their cancellation are ended with their worker', async () => {
    const { host, starts } = start();
    const controller = new AbortController();
    const cancelled = host.run('deafToCancel', null, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    const next = host.run('echo', 'next');
    await expect(cancelled).rejects.toMatchObject({ code: 'worker/cancelled' });
    expect(await next).toBe('next');
    expect(starts()).toBe(2);
  });
});

describe('a worker that can not start', () => {
  it.each(kinds)(
    'in %s brakes after some attempts, blames no job, and is told',
    async (_kind, spawner) => {
      let file = BROKEN;
      const { host, starts, warnings } = make(() => spawner(file)());
      const jobs = [host.run('echo', 1), host.run('echo', 2)];
      await expect.poll(() => host.state.kind).toBe('restarting');
      for (const job of jobs)
        await expect(job).rejects.toMatchObject({ code: 'worker/crash-loop' });
      expect(starts()).toBe(5);
      expect(warnings()).toBe(5);
      const { state } = host;
      expect(state).toMatchObject({ kind: 'braked' });
      expect(state.kind === 'braked' && state.untilMs > performance.now()).toBe(true);
      await expect(host.run('echo', 3)).rejects.toMatchObject({ code: 'worker/crash-loop' });
      expect(starts()).toBe(5);

      const later = performance.now() + 31_000;
      vi.spyOn(performance, 'now').mockReturnValue(later);
      file = JOBS;
      expect(host.state).toEqual({ kind: 'idle' });
      expect(await host.run('echo', 4)).toBe(4);
    },
  );
});

describe('many jobs that end their worker', () => {
  it(
    'brake it only when several in a row do; a good one between starts the count anew',
    { timeout: 60_000 },
    async () => {
      const { host } = make(threadSpawner(JOBS));
      for (let n = 0; n < 3; n += 1) {
        await expect(host.run('exit', 1)).rejects.toMatchObject({ code: 'worker/job-set-aside' });
        await expect(host.run('exit', 1)).rejects.toMatchObject({ code: 'worker/job-set-aside' });
        expect(await host.run('echo', n)).toBe(n);
      }
    },
  );
});
