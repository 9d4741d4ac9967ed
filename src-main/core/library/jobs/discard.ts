import type { TrashEntry } from '../../../../src-contract/library.ts';
import { noLibrary, unknownItem } from '../errors.ts';
import type { GitJobs } from '../git-jobs.ts';
import { readRecord } from '../files/record.ts';
import { scanFiles } from '../items/scan-files.ts';
import type { JobContext } from './job-context.ts';
import { selector } from './select.ts';
import { withLibrary } from './session.ts';
import { takeBack } from './take-back.ts';

/**
 * Takes a path (a folder, skill or template as a whole) back to the version that is here; what was
 * edited goes to the trash. A conflict ends as with `theirs`. Nothing where nothing was changed.
 *
 * Errors: `library/none`, `library/locked`, `library/unknown-item`, `library/changed-meanwhile`.
 */
export async function discard(
  input: GitJobs['discard']['input'],
  context: JobContext,
): Promise<readonly TrashEntry[]> {
  const { dirs, path, now } = input;
  return withLibrary(dirs, context, async (session) => {
    const record = readRecord(dirs.library);
    if (!record) throw noLibrary();
    const isMeant = selector([path]);
    const local = scanFiles(dirs.files, record).filter((file) => isMeant(file.path));
    const pending = [...record.pending.keys()].filter(isMeant);
    if (local.length === 0 && pending.length === 0) throw unknownItem(path);
    const changed = local.filter(({ state }) => state !== 'clean').map((file) => file.path);
    const paths = [...new Set([...changed, ...pending])];
    return paths.length === 0 ? [] : takeBack(session, paths, 'discarded', now);
  });
}
