import type { Advance, GitJobs } from '../git-jobs.ts';
import { fetchTip, remoteTip } from '../git/fetch-tip.ts';
import { openTransport } from '../git/transports/open-transport.ts';
import type { TrustPolicy } from '../git/verify.ts';
import { parseRemote } from '../remote-url.ts';
import { accept } from './accept.ts';
import { createWhole } from './create.ts';
import { trustedVersion, writeState } from './library-state.ts';
import type { Report } from './reporter.ts';
import { writeFiles } from './write-files.ts';

/**
 * The first copy of a remote library, by the safe sequence: own git directory, ask, fetch, walk,
 * verify, trust, write files. Errors: those of `parseRemote`, the transports, `accept`, the disk.
 */
export async function clone(
  input: GitJobs['clone']['input'],
  policy: TrustPolicy,
  signal: AbortSignal,
  report: Report,
): Promise<Advance> {
  const { dirs, now } = input;
  const remote = parseRemote(input.url);
  const store = await createWhole(dirs.library, async (draft) => {
    report('checking', 0, null);
    const { fs, gitdir } = draft;
    await draft.git.addRemote({ fs, gitdir, remote: 'origin', url: remote.url });
    const transport = openTransport(remote, input.access, {
      signal,
      onBytes: (bytes) => report('fetching', bytes, null),
    });
    const tip = await remoteTip(draft, transport, null);
    await fetchTip(draft, transport, tip);
    await accept(draft, tip.oid, null, policy, report);
    writeState(gitdir, { format: 1, url: remote.url, branch: tip.branch, checkedAt: now });
  });
  return writeFiles(store, dirs, trustedVersion(dirs.library), report);
}
