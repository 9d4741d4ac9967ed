import type {
  Conflict,
  ConflictDetail,
  LibraryStatus,
  TrashEntry,
} from '../../../../src-contract/library.ts';
import { notInConflict } from '../errors.ts';
import type { GitJobs } from '../git-jobs.ts';
import type { LibraryCore } from './core.ts';
import { currentStatus } from './sync.ts';

/** See `library.conflicts`. None without a library. */
export async function conflicts(
  { deps, work }: LibraryCore,
  signal: AbortSignal | undefined,
): Promise<readonly Conflict[]> {
  await work.start();
  if (!work.overview) return [];
  return deps.reads.run('conflicts', { dirs: deps.dirs }, { ...(signal && { signal }) });
}

/** See `library.conflict`. Errors: `library/not-in-conflict`. */
export async function conflict(
  { deps, work }: LibraryCore,
  path: string,
  signal: AbortSignal | undefined,
): Promise<ConflictDetail> {
  await work.needed();
  const { reads, dirs } = deps;
  const found = await reads.run('conflict', { dirs, path }, { ...(signal && { signal }) });
  if (!found) throw notInConflict(path);
  return found;
}

/** See `library.resolve`. */
export async function resolve(
  core: LibraryCore,
  path: string,
  take: GitJobs['resolve']['input']['take'],
): Promise<LibraryStatus> {
  const { deps, work } = core;
  await work.needed();
  const input = { dirs: deps.dirs, path, take, now: deps.clock.now() };
  await work.run({
    phase: 'writing',
    asksRemote: false,
    options: {},
    work: (run) => deps.sync.run('resolve', input, run),
  });
  return currentStatus(core);
}

/** See `library.discard`. */
export async function discard(core: LibraryCore, path: string): Promise<readonly TrashEntry[]> {
  const { deps, work } = core;
  await work.needed();
  const input = { dirs: deps.dirs, path, now: deps.clock.now() };
  return work.run({
    phase: 'writing',
    asksRemote: false,
    options: {},
    work: (run) => deps.sync.run('discard', input, run),
  });
}
