import type { LibraryStatus, PublishSummary } from '../../../../src-contract/library.ts';
import type { GitJobs } from '../git-jobs.ts';
import { authorOf } from './author.ts';
import type { LibraryCore } from './core.ts';
import { currentStatus } from './sync.ts';
import type { RunOptions } from './work.ts';

export interface PublishOptions extends RunOptions {
  readonly message: string;
  /** Null publishes all that changed here. */
  readonly paths: readonly string[] | null;
  readonly allowDeletions: boolean;
}

export interface RollbackOptions extends RunOptions {
  readonly version: string;
  /** Null rolls back the whole library. */
  readonly path: string | null;
  readonly allowDeletions: boolean;
}

export interface PublishResult {
  readonly status: LibraryStatus;
  readonly summary: PublishSummary;
}

/** See `library.preview`. */
export async function preview(
  { deps, work }: LibraryCore,
  signal: AbortSignal | undefined,
): Promise<GitJobs['preview']['output']> {
  await work.needed();
  return deps.reads.run('preview', { dirs: deps.dirs }, { ...(signal && { signal }) });
}

/** See `library.publish`. */
export function publish(core: LibraryCore, options: PublishOptions): Promise<PublishResult> {
  const { message, paths, allowDeletions } = options;
  return commit(core, options, 'publish', { message, paths, allowDeletions });
}

/** See `library.rollback`. Errors: `library/unknown-version` besides those of `publish`. */
export function rollback(core: LibraryCore, options: RollbackOptions): Promise<PublishResult> {
  const { version, path, allowDeletions } = options;
  return commit(core, options, 'rollback', { version, path, allowDeletions });
}

type Own<K extends 'publish' | 'rollback'> = Omit<
  GitJobs[K]['input'],
  'dirs' | 'access' | 'now' | 'author'
>;

async function commit<K extends 'publish' | 'rollback'>(
  core: LibraryCore,
  options: RunOptions,
  job: K,
  own: Own<K>,
): Promise<PublishResult> {
  const { deps, work, door } = core;
  const { dirs, sync, clock, machine } = deps;
  const { url } = await work.needed();
  const summary = await work.run<PublishSummary>({
    phase: 'merging',
    asksRemote: true,
    options,
    work: async (run) => {
      const input = {
        ...own,
        dirs,
        access: await door.ofUrl(url),
        now: clock.now(),
        author: authorOf(deps.settings(), machine),
      };
      return sync.run(job, input as GitJobs[K]['input'], run);
    },
    unsent: ({ waitsFor }) => waitsFor ?? null,
  });
  return { status: currentStatus(core), summary };
}
