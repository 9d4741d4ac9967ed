import type { GitJobs } from '../git-jobs.ts';
import { parseRemote } from '../remote-url.ts';
import type { JobContext } from './job-context.ts';
import { noteState } from './library-state.ts';
import { withLibrary } from './session.ts';

/**
 * Gives a library another remote, or its first. Nothing is asked of it yet. Errors: `library/none`,
 * `library/locked`, those of `parseRemote`.
 */
export async function setRemote(
  { dirs, url }: GitJobs['setRemote']['input'],
  context: JobContext,
): Promise<null> {
  const remote = parseRemote(url);
  return withLibrary(dirs, context, async ({ store }) => {
    const { fs, gitdir } = store;
    await store.git.addRemote({ fs, gitdir, remote: 'origin', url: remote.url, force: true });
    noteState(gitdir, {
      url: remote.url,
      branch: null,
      checkedAt: null,
      available: null,
      held: null,
      quarantined: [],
    });
    return null;
  });
}
