import { fromDisk, noLibrary } from '../errors.ts';
import { acquireLibraryLock } from '../git/library-lock.ts';
import { ObjectStore } from '../git/object-store.ts';
import { consolidate } from '../git/packs/consolidate.ts';
import type { LibraryDirs } from '../git-jobs.ts';
import { recover, type Applied } from './apply.ts';
import { exists } from './library-state.ts';
import type { JobContext } from './job-context.ts';

/** An open library, locked, and whole: what an earlier job left is finished. */
export interface Session {
  readonly dirs: LibraryDirs;
  readonly store: ObjectStore;
  readonly context: JobContext;
  /** What finishing it brought. */
  readonly recovered: readonly Applied[];
}

/** Runs one job on the library. Errors: `library/none`, `library/locked`, the disk's own. */
export async function withLibrary<T>(
  dirs: LibraryDirs,
  context: JobContext,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  if (!exists(dirs.library)) throw noLibrary();
  return underLock(dirs, async () => {
    const store = await ObjectStore.open(dirs.library);
    const applied = await recover(store, dirs, context.report);
    return work({ dirs, store, context, recovered: applied ? [applied] : [] });
  });
}

/**
 * Keeps the packs of a library few. Before a sync, not after it: what fails here has changed nothing,
 * and what a sync did is told in any case.
 */
export async function tidy({ store }: Session): Promise<void> {
  await consolidate(store.gitdir);
  store.forget();
}

/** Errors: `library/locked`, the disk's own in words. */
export async function underLock<T>(dirs: LibraryDirs, work: () => Promise<T>): Promise<T> {
  const lock = await acquireLibraryLock(dirs.journal);
  try {
    return await work();
  } catch (error) {
    throw fromDisk(error);
  } finally {
    lock.release();
  }
}
