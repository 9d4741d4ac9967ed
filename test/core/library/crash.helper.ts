import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { GitJobs } from '../../../src-main/core/library/git-jobs.ts';
import type { FromWorker, ToWorker } from '../../../src-main/core/shared/worker-protocol.ts';
import { gitWorker } from '../../helpers/git-library.ts';

/** Ten times what these take on an idle machine: each starts several processes. */
export const PATIENCE_MS = 100_000;
/** Several batches of the writer, so that there is a middle to be killed in. */
const FILES = 200;
let child: ChildProcess | null = null;

/** Ends what a failed test left running. */
export function killChild(): void {
  child?.kill('SIGKILL');
  child = null;
}

/** Runs one job in a process of its own and kills that (SIGKILL) when `when` says so. Resolves once it is dead. */
export async function killDuring<K extends keyof GitJobs>(
  job: K,
  input: GitJobs[K]['input'],
  when: (phase: string, done: number) => boolean,
): Promise<void> {
  const worker = fork(gitWorker, [], { serialization: 'advanced' });
  child = worker;
  const dead = once(worker, 'exit');
  worker.on('message', (message: FromWorker) => {
    if (message.t === 'progress') {
      const { phase, done } = message.progress as GitJobs['update']['progress'];
      if (when(phase, done)) worker.kill('SIGKILL');
    } else if (message.t !== 'ready') worker.kill('SIGKILL');
  });
  const run: ToWorker = { t: 'run', id: 1, job, input };
  worker.send(run);
  await dead;
}

export function version(n: number): Record<string, string> {
  const files = Array.from({ length: FILES }, (_, i) => [`f/${i % 7}/${i}.md`, `${n} of ${i}\n`]);
  return Object.fromEntries([...files, ['carrel.yaml', `format: 1\nname: Version ${n}\n`]]);
}
