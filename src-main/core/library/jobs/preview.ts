import { noLibrary } from '../errors.ts';
import type { GitJobs } from '../git-jobs.ts';
import { readRecord } from '../files/record.ts';
import { ObjectStore } from '../git/object-store.ts';
import { localChanges } from '../local/local-changes.ts';
import { exists } from './library-state.ts';
import { queueOf, versionsOf } from './queue.ts';

/** What `publish` would send, what it would leave out and why, and what waits already. Errors: `library/none`. */
export async function preview(
  { dirs }: GitJobs['preview']['input'],
  _context?: unknown,
): Promise<GitJobs['preview']['output']> {
  const record = exists(dirs.library) ? readRecord(dirs.library) : null;
  if (!record) throw noLibrary();
  const changes = localChanges(dirs.files, record);
  if (record.queued.versions === 0) return { changes, queued: [] };
  const store = await ObjectStore.open(dirs.library);
  const waiting = await queueOf(store, record.trusted, record.commit);
  return { changes, queued: await versionsOf(store, waiting.toReversed(), 'queued') };
}
