import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LibraryDirs, Overview } from '../git-jobs.ts';
import { closeJournal, readJournal } from '../files/journal.ts';
import { readRecord, statOrNull } from '../files/record.ts';
import { ObjectStore } from '../git/object-store.ts';
import { PackNames } from '../git/pack-names.ts';
import { gitPlaces, unfinished } from '../git/places.ts';
import type { HeadCache } from '../items/list-items.ts';
import { exists, trustedVersion } from './library-state.ts';
import { overview } from './overview.ts';
import type { Report } from './reporter.ts';
import { writeFiles } from './write-files.ts';

/**
 * Brings what an interrupted job left to a whole state: a library that was never complete is removed,
 * a version that was accepted is written to its end, and so is one whose folder was lost. Cheap where
 * nothing is left to do.
 */
export async function open(
  dirs: LibraryDirs,
  heads: HeadCache,
  report: Report,
): Promise<Overview | null> {
  rmSync(unfinished(dirs.library), { recursive: true, force: true });
  if (!exists(dirs.library)) {
    closeJournal(dirs.journal);
    return null;
  }
  rmSync(gitPlaces(dirs.library).tmp, { recursive: true, force: true });
  dropBrokenRefs(dirs.library);
  const version = trustedVersion(dirs.library);
  const isWritten = readRecord(dirs.library)?.commit === version && statOrNull(dirs.files) !== null;
  if (!isWritten || readJournal(dirs.journal)) {
    await writeFiles(await ObjectStore.open(dirs.library), dirs, version, report);
  }
  return overview(dirs, heads);
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
