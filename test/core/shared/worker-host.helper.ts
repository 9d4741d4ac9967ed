import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import { silentLogger, type Logger } from '../../../src-main/core/shared/logger.ts';
import { WorkerHost, type SpawnWorker } from '../../../src-main/core/shared/worker-host.ts';
import { processSpawner, threadSpawner } from '../../../src-main/shell/spawners.ts';
import type { TestJobs } from './jobs.helper.ts';

const here = (name: string): string => join(import.meta.dirname, name);
export const JOBS = here('jobs.helper.ts');
export const BROKEN = here('broken-worker.helper.ts');

export interface Made {
  readonly host: WorkerHost<TestJobs>;
  readonly starts: () => number;
  readonly warnings: () => number;
}

export const kinds = [
  ['a thread', (file: string) => threadSpawner(file, { maxOldGenerationSizeMb: 32 })],
  ['a process', (file: string) => processSpawner(file, 32)],
] as const;

/** Hosts that are closed after each test, and a folder that is emptied. */
export function useHosts(): {
  make: (spawn: SpawnWorker, idleMs?: number) => Made;
  folder: () => string;
} {
  let dir: string;
  const hosts: WorkerHost<TestJobs>[] = [];
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'carrel-worker-'));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    for (const host of hosts.splice(0)) host.close();
    rmSync(dir, { recursive: true, force: true });
  });
  return { make, folder: () => dir };

  function make(spawn: SpawnWorker, idleMs?: number): Made {
    let starts = 0;
    let warnings = 0;
    const logger: Logger = { ...silentLogger, warn: () => (warnings += 1) };
    const host = new WorkerHost<TestJobs>({
      name: 'test',
      logger,
      spawn: () => {
        starts += 1;
        return spawn();
      },
      ...(idleMs === undefined ? {} : { idleMs }),
    });
    hosts.push(host);
    return { host, starts: () => starts, warnings: () => warnings };
  }
}
