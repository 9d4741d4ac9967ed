import type { Advance, GitJobs } from '../git-jobs.ts';
import { fromDisk, noLibrary } from '../errors.ts';
import { fetchTip, remoteTip } from '../git/fetch-tip.ts';
import { ObjectStore } from '../git/object-store.ts';
import { openTransport } from '../git/transports/open-transport.ts';
import type { TrustPolicy } from '../git/verify.ts';
import { parseRemote } from '../remote-url.ts';
import { accept } from './accept.ts';
import { exists, readState, trustedVersion, writeState } from './library-state.ts';
import type { Report } from './reporter.ts';
import { writeFiles } from './write-files.ts';

/**
 * Asks the remote, fetches what is new and fast-forwards to it. A library without a remote (the
 * starter) has nothing new. Errors: `library/none`, those of the transports, `accept`, the disk.
 */
export async function update(
  input: GitJobs['update']['input'],
  policy: TrustPolicy,
  signal: AbortSignal,
  report: Report,
): Promise<Advance> {
  const { dirs, now } = input;
  if (!exists(dirs.library)) throw noLibrary();
  const store = await ObjectStore.open(dirs.library);
  const { url, branch } = readState(dirs.library);
  if (url !== null) await bring(url);
  return writeFiles(store, dirs, trustedVersion(dirs.library), report);

  async function bring(from: string): Promise<void> {
    report('checking', 0, null);
    const trusted = trustedVersion(dirs.library);
    const transport = openTransport(parseRemote(from), input.access, {
      signal,
      onBytes: (bytes) => report('fetching', bytes, null),
    });
    try {
      const tip = await remoteTip(store, transport, branch);
      if (tip.oid !== trusted) {
        await fetchTip(store, transport, tip);
        await accept(store, tip.oid, trusted, policy, report);
      }
      writeState(dirs.library, { format: 1, url: from, branch: tip.branch, checkedAt: now });
    } catch (error) {
      throw fromDisk(error);
    }
  }
}
