import type { AvailableUpdate } from '../../../../src-contract/library.ts';
import type { GitJobs } from '../git-jobs.ts';
import { arrive, availableOf } from './integrate.ts';
import type { JobContext } from './job-context.ts';
import { noteState, readState } from './library-state.ts';
import { withRemote } from './remote.ts';
import { withLibrary } from './session.ts';

/** Fetches and verifies what is new, and takes nothing. Null where there is nothing. Errors: as of `update`. */
export async function check(
  input: GitJobs['check']['input'],
  context: JobContext,
): Promise<AvailableUpdate | null> {
  return withLibrary(input.dirs, context, async (session) => {
    const { gitdir } = session.store;
    const { url } = readState(gitdir);
    if (url === null) return null;
    return withRemote(url, input.access, context, async (transport) => {
      const arrived = await arrive(session, transport, input.now);
      const accepted = arrived?.accepted ?? null;
      const available = accepted === null ? null : await availableOf(session, accepted);
      noteState(gitdir, { available, checkedAt: input.now });
      return available;
    });
  });
}
