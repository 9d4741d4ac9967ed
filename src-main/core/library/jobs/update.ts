import type { UpdateSummary } from '../../../../src-contract/library.ts';
import type { GitJobs } from '../git-jobs.ts';
import { readRecord } from '../files/record.ts';
import { apply, intentFrom, summaryOf, type Applied } from './apply.ts';
import { arrive, integrate } from './integrate.ts';
import { emptyRemote } from './job-errors.ts';
import type { JobContext } from './job-context.ts';
import { localVersion, noteState, readState, trustedVersion } from './library-state.ts';
import { pushQueue } from './push.ts';
import { withRemote } from './remote.ts';
import { tidy, withLibrary } from './session.ts';

/**
 * Asks the remote, takes what is new, merges what was changed here, and sends what waits. A library
 * without a remote has nothing new. Errors: `library/none`, `library/locked`, those of the transports
 * and of `accept`, the disk. After an error nothing has changed here.
 */
export async function update(
  input: GitJobs['update']['input'],
  context: JobContext,
): Promise<GitJobs['update']['output']> {
  return withLibrary(input.dirs, context, async (session) => {
    const { gitdir } = session.store;
    const { url } = readState(gitdir);
    const before = hereNow(gitdir);
    const applied: Applied[] = [...session.recovered];
    if (url === null) return { summary: summary(), unsent: null };
    await tidy(session);
    const step = await withRemote(url, input.access, context, async (transport) => {
      const arrived = await arrive(session, transport, input.now);
      if (arrived === null) throw emptyRemote(transport.place);
      return integrate(session, arrived, input.allowDeletions, input.now);
    });
    if (step.kind === 'held') return { summary: { ...summary(), state: 'held' }, unsent: null };
    if (step.kind === 'taken') applied.push(step.applied);
    else if ((readRecord(gitdir)?.pending.size ?? 0) > 0) {
      // What waited may wait no more: an edit was undone, or became what the team has.
      const intent = intentFrom(gitdir, { at: input.now });
      applied.push(await apply(session.store, input.dirs, intent, context.report));
    }
    noteState(gitdir, { checkedAt: input.now });
    if (localVersion(gitdir) === null) return { summary: summary(), unsent: null };
    const sent = await pushQueue(session, input);
    applied.push(...sent.applied);
    return { summary: summary(), unsent: sent.unsent };

    function summary(): UpdateSummary {
      const done = summaryOf(applied, before);
      const conflicts = [...(readRecord(gitdir)?.pending.keys() ?? [])].toSorted();
      const state = conflicts.length > 0 ? 'conflict' : done.state;
      return { ...done, state, conflicts, version: hereNow(gitdir) };
    }
  });
}

function hereNow(gitdir: string): string {
  return localVersion(gitdir) ?? trustedVersion(gitdir);
}
