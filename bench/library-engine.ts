/** The engine's side of the bench: the real worker host with the real git worker, in a process of its own. */
import { resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { GitJobs } from '../src-main/core/library/git-jobs.ts';
import { GIT_WORKER_MEMORY } from '../src-main/core/library/limits.ts';
import { silentLogger } from '../src-main/core/shared/logger.ts';
import { WorkerHost } from '../src-main/core/shared/worker-host.ts';
import { threadSpawner } from '../src-main/shell/spawners.ts';

export interface Ask {
  readonly job: keyof GitJobs;
  readonly input: unknown;
}

export interface Measured {
  readonly ms: number;
  /** 99th percentile of the delay of the engine's own loop meanwhile, milliseconds. */
  readonly delayMs: number;
  /** Most memory that the process ever had, bytes: engine and worker. */
  readonly peakBytes: number;
  readonly output: unknown;
  readonly error: string | null;
}

const host = new WorkerHost<GitJobs>({
  name: 'git',
  spawn: threadSpawner(resolve(process.argv[2] ?? ''), GIT_WORKER_MEMORY),
  logger: silentLogger,
});

process.on('message', (ask: Ask) => {
  void measure(ask).then((measured) => process.send?.(measured));
});
process.once('disconnect', () => host.close());

async function measure({ job, input }: Ask): Promise<Measured> {
  const delay = monitorEventLoopDelay({ resolution: 2 });
  delay.enable();
  const began = performance.now();
  let output: unknown = null;
  let error: string | null = null;
  try {
    output = await host.run(job, input as never);
  } catch (thrown) {
    error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  }
  const ms = performance.now() - began;
  delay.disable();
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  return { ms, delayMs: delay.percentile(99) / 1e6, peakBytes, output, error };
}
