import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { GitJobs } from '../git-jobs.ts';
import { closeJournal } from '../files/journal.ts';
import { ObjectStore } from '../git/object-store.ts';
import { PackNames } from '../git/pack-names.ts';
import { gitPlaces, unfinished } from '../git/places.ts';
import type { HeadCache } from '../items/list-items.ts';
import type { Overview } from '../sync-jobs.ts';
import { recover } from './apply.ts';
import type { JobContext } from './job-context.ts';
import { exists } from './library-state.ts';
import { overview } from './overview.ts';
import { underLock } from './session.ts';

/**
 * Brings what an interrupted job left to a whole state: a library that was never complete is removed,
 * a version that was accepted is written to its end, and so is one whose folder was lost. Cheap where
 * nothing is left to do. Errors: `library/locked`, `library/damaged`, the disk's own.
 */
export async function open(
  { dirs }: GitJobs['open']['input'],
  context: Pick<JobContext, 'report'> & { readonly heads: HeadCache },
): Promise<Overview | null> {
  return underLock(dirs, async () => {
    rmSync(unfinished(dirs.library), { recursive: true, force: true });
    if (!exists(dirs.library)) {
      closeJournal(dirs.journal);
      return null;
    }
    rmSync(gitPlaces(dirs.library).tmp, { recursive: true, force: true });
    dropBrokenRefs(dirs.library);
    await recover(await ObjectStore.open(dirs.library), dirs, context.report);
    return overview(dirs, context.heads);
  });
}
/** The git library names a fetched tip before it has stored its objects; such a name is taken back. */
function dropBrokenRefs(gitdir: string): void {
  const dir = join(gitdir, 'refs', 'remotes', 'origin');
  if (!existsSync(dir)) return;
  const names = new PackNames(gitdir);
  for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (!names.has(readFileSync(path, 'utf8').trim())) rmSync(path);
  }
}
