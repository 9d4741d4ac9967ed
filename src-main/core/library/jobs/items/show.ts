import { diffCommits } from '../../git/diff-trees.ts';
import type { ItemJobs } from '../../item-jobs.ts';
import { acceptedVersion, openHistory, toVersion } from './history.ts';

/**
 * One version and what it changed against its first parent.
 * Errors: `library/none`, `library/unknown-version`, those of `diffTrees`.
 */
export async function show(
  { dirs, version }: ItemJobs['show']['input'],
  signal?: AbortSignal,
): Promise<ItemJobs['show']['output']> {
  const history = await openHistory(dirs, signal);
  const step = await acceptedVersion(history, version);
  const [parent = null] = step.commit.parents;
  const changes = await diffCommits(history.store, parent, step.oid);
  return {
    version: toVersion(history, step),
    changed: changes.map(({ path, change }) => ({ path, change })),
  };
}
