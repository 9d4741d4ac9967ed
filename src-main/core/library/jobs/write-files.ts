import type { Advance, LibraryDirs } from '../git-jobs.ts';
import { fromDisk } from '../errors.ts';
import { materialise } from '../files/materialise.ts';
import type { ObjectStore, Oid } from '../git/object-store.ts';
import type { Report } from './reporter.ts';

/** Materialises a trusted version and says what became of it. */
export async function writeFiles(
  store: ObjectStore,
  dirs: LibraryDirs,
  version: Oid,
  report: Report,
): Promise<Advance> {
  try {
    const { changed, kept } = await materialise(store, dirs, version, (done, total) =>
      report('writing', done, total),
    );
    const state =
      kept.length > 0 ? 'kept-local-edits' : changed.length > 0 ? 'updated' : 'unchanged';
    return { state, version, changed, kept };
  } catch (error) {
    throw fromDisk(error);
  }
}
