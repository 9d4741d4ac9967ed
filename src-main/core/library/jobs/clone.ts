import type { UpdateSummary } from '../../../../src-contract/library.ts';
import type { GitJobs } from '../git-jobs.ts';
import { fetchTip, remoteTip } from '../git/fetch-tip.ts';
import { openTransport } from '../git/transports/open-transport.ts';
import { parseRemote } from '../remote-url.ts';
import { accept } from './accept.ts';
import { recoverNow, summaryOf } from './apply.ts';
import { createWhole } from './create.ts';
import type { JobContext } from './job-context.ts';
import { moveRefs, noteState } from './library-state.ts';
import { underLock } from './session.ts';

/**
 * The first copy of a remote library, by the safe sequence: own git directory, ask, fetch, walk,
 * verify, trust, write files. Errors: those of `parseRemote`, the transports, `accept`, the disk.
 */
export async function clone(
  input: GitJobs['clone']['input'],
  context: JobContext,
): Promise<UpdateSummary> {
  const { dirs, now } = input;
  const { signal, report, policy } = context;
  const remote = parseRemote(input.url);
  return underLock(dirs, async () => {
    const store = await createWhole(dirs.library, async (draft) => {
      report('checking', 0, null);
      const { fs, gitdir } = draft;
      await draft.git.addRemote({ fs, gitdir, remote: 'origin', url: remote.url });
      const transport = openTransport(remote, input.access, {
        signal,
        onBytes: (bytes) => report('fetching', bytes, null),
      });
      try {
        const tip = await remoteTip(draft, transport, null);
        await fetchTip(draft, transport, tip);
        const { version, quarantined } = await accept(draft, tip.oid, null, null, policy, report);
        await moveRefs(draft, version, null);
        const { url } = remote;
        noteState(gitdir, { url, branch: tip.branch, checkedAt: now, quarantined });
      } finally {
        transport.close();
      }
    });
    return summaryOf([await recoverNow(store, dirs, report)], '');
  });
}
