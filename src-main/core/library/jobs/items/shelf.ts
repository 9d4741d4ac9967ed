import { noLibrary } from '../../errors.ts';
import { readRecord, type FileRecord } from '../../files/record.ts';
import type { LibraryDirs } from '../../git-jobs.ts';
import { placeOf } from '../../items/item-kind.ts';
import type { HeadCache, Shelf } from '../../items/list-items.ts';
import type { Overview } from '../../sync-jobs.ts';
import { exists, readState, type LibraryState } from '../library-state.ts';

/** What Carrel noted of the remote; the first format of the note knows less. */
type Noted = LibraryState & Partial<Pick<Overview, 'available' | 'held' | 'quarantined'>>;

/** Null where there is no library, or its first version isn't written yet. */
export function recordOf(dirs: LibraryDirs): FileRecord | null {
  return exists(dirs.library) ? readRecord(dirs.library) : null;
}

/** Errors: `library/none`. */
export function recordHere(dirs: LibraryDirs): FileRecord {
  const record = recordOf(dirs);
  if (!record) throw noLibrary();
  return record;
}

/** What there is to list; null where `recordOf` is. */
export function shelfOf(dirs: LibraryDirs, heads: HeadCache): Shelf | null {
  const record = recordOf(dirs);
  if (!record) return null;
  const changed = notesOf(dirs).available?.changed ?? [];
  const incoming = new Set(changed.flatMap(({ path }) => [path, folderOf(path) ?? path]));
  return { root: dirs.files, record, incoming, heads };
}

function folderOf(path: string): string | null {
  const place = placeOf(path);
  return place.kind === 'part' ? place.of : place.folder;
}

export function notesOf(dirs: LibraryDirs): Noted {
  return readState(dirs.library);
}

/** Paths of the team's version that are not on the disk but keep their names: those that wait, and those that are refused. */
export function elsewhere(record: FileRecord): readonly string[] {
  return [...record.pending.keys(), ...record.refused.map(({ path }) => path)];
}
