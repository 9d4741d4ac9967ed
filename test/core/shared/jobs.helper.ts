/** The worker of the host's tests: one job per thing that can go wrong. */
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { isMainThread, threadId } from 'node:worker_threads';
import { AppError } from '../../../src-contract/app-error.ts';
import type { Job } from '../../../src-main/core/shared/worker-protocol.ts';
import { serveWorker } from '../../../src-main/workers/serve-worker.ts';

export interface TestJobs {
  readonly echo: Job<unknown, unknown, never>;
  readonly where: Job<null, string, never>;
  readonly count: Job<number, number, number>;
  readonly failApp: Job<null, never, never>;
  readonly failSystem: Job<string, never, never>;
  readonly throwText: Job<null, never, never>;
  readonly uncloneable: Job<null, unknown, never>;
  readonly exit: Job<number, never, never>;
  readonly crash: Job<null, never, never>;
  readonly crashOnce: Job<string, string, never>;
  readonly block: Job<null, never, never>;
  readonly untilCancelled: Job<null, never, string>;
  readonly deafToCancel: Job<null, never, string>;
  readonly doneDespiteCancel: Job<null, string, string>;
  readonly fillMemory: Job<null, never, never>;
}

serveWorker<TestJobs>({
  echo: (input) => input,
  where: () => (isMainThread ? `process ${process.pid}` : `thread ${threadId}`),
  count: async (to, { progress }) => {
    for (let n = 1; n <= to; n += 1) {
      progress(n);
      await wait(1);
    }
    return to;
  },
  failApp: () => {
    throw new AppError('test/told', 'It went wrong.', {
      remedy: 'Do it again.',
      action: 'retry',
      data: { n: 1 },
    });
  },
  failSystem: (path) => {
    writeFileSync(path, '');
    throw new Error('it was written');
  },
  throwText: () => {
    // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- libraries do
    throw 'only text';
  },
  uncloneable: () => () => 1,
  exit: (code) => process.exit(code),
  crash: async () => {
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
    await wait(60_000);
    throw new Error('still here');
  },
  crashOnce: (marker) => {
    if (existsSync(marker)) return 'second time';
    writeFileSync(marker, '');
    return process.exit(9);
  },
  block: () => {
    for (;;);
  },
  untilCancelled: async (_input, { signal, progress }) => {
    progress('started');
    await wait(60_000, undefined, { signal });
    throw new Error('was not cancelled');
  },
  deafToCancel: async (_input, { progress }) => {
    progress('started');
    await wait(60_000);
    throw new Error('was not killed');
  },
  doneDespiteCancel: async (_input, { signal, progress }) => {
    progress('started');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return 'it had happened';
  },
  fillMemory: () => {
    const held: unknown[] = [];
    for (;;) held.push(Array.from({ length: 10_000 }, (_, n) => ({ n })));
  },
});
