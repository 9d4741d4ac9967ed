import { mkdirSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { AppError } from '../../../../src-contract/app-error.ts';
import type { Change } from '../../../../src-contract/library.ts';
import type { LibraryDirs, Refused } from '../git-jobs.ts';
import { MAX_PROBLEMS } from '../limits.ts';
import { syncDir } from '../git/atomic-fs.ts';
import type { ObjectStore, Oid } from '../git/object-store.ts';
import { treeFiles } from '../git/tree-files.ts';
import { blockedParent, inspect, isStill } from './inspect.ts';
import { closeJournal, journalPlaces, openJournal, readJournal } from './journal.ts';
import { readRecord, statOrNull, written, writeRecord, type WrittenFile } from './record.ts';
import { DIR_MODE, writeFilesInBatches } from './write-batch.ts';

export interface Materialised {
  readonly changed: readonly Change[];
  readonly kept: readonly string[];
}

/**
 * Brings `files/` to a version. Each file is looked at by its bytes right before it is replaced: what
 * is not as we wrote it belongs to the person and stays (`kept`). Removed files go to the trash. May
 * be interrupted anywhere and run again: a file that already has its new bytes is done.
 *
 * Errors: `library/files-not-a-folder`, and the disk's own.
 */
export async function materialise(
  store: ObjectStore,
  dirs: LibraryDirs,
  commit: Oid,
  onFiles: (done: number, total: number) => void,
): Promise<Materialised> {
  const before = readRecord(store.gitdir);
  // Where the folder itself is gone, nothing in it was edited: all of it is written again.
  const isLost = statOrNull(dirs.files) === null;
  const files = new Map<string, WrittenFile>(isLost ? [] : before?.files);
  const tree = await treeFiles(store, commit, new Set(files.keys()));
  const refused: Refused[] = [...tree.refused];
  const blocked = new Set(refused.map(({ path }) => path));
  const gone = [...files.keys()].filter((path) => !tree.files.has(path) && !blocked.has(path));
  const wanted = [...tree.files]
    .map(([path, oid]) => ({ path, oid, base: files.get(path)?.oid }))
    .filter(({ oid, base }) => oid !== base);
  const total = gone.length + wanted.length;
  if (total === 0 && before?.commit === commit && !readJournal(dirs.journal)) {
    return { changed: [], kept: [] };
  }

  prepareRoot(dirs.files);
  const trash = readJournal(dirs.journal)?.trash ?? `${commit.slice(0, 12)}-${shortId()}`;
  openJournal(dirs.journal, { commit, trash });
  const { staging } = journalPlaces(dirs.journal);
  const touched = new Set<string>([dirs.files]);
  const changed: Change[] = [];
  const kept: string[] = [];
  let done = 0;

  // Removals first: a folder may become a file, or the other way.
  for (const path of gone) {
    const base = files.get(path)?.oid;
    if (remove(path, base)) {
      files.delete(path);
      changed.push({ path, change: 'deleted' });
    } else kept.push(path);
    onFiles((done += 1), total);
  }
  await writeFilesInBatches(store, { root: dirs.files, staging }, wanted, (each, outcome) => {
    const { path, oid, base } = each;
    switch (outcome.kind) {
      case 'written':
        files.set(path, written(oid, outcome.stat));
        changed.push({ path, change: base === undefined ? 'added' : 'modified' });
        touch(path);
        break;
      case 'kept':
        kept.push(path);
        break;
      case 'refused':
        refused.push({ path, reason: outcome.reason });
        break;
    }
    onFiles((done += 1), total);
  });
  for (const dir of touched) if (statOrNull(dir)?.isDirectory()) syncDir(dir);
  writeRecord(store.gitdir, {
    format: 1,
    commit,
    files,
    refused: refused.slice(0, MAX_PROBLEMS),
  });
  closeJournal(dirs.journal);
  return { changed: changed.toSorted(byPath), kept: kept.toSorted() };

  /** True where the file is out of the way: moved to the trash, or gone already. */
  function remove(path: string, base: Oid | undefined): boolean {
    if (blockedParent(dirs.files, path) !== null) return false;
    const at = join(dirs.files, path);
    const found = inspect(at);
    if (found.kind === 'missing') return true;
    if (found.kind !== 'file' || found.oid !== base) return false;
    const to = join(dirs.trash, trash, path);
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    if (!isStill(at, found)) return false;
    renameSync(at, to);
    syncDir(dirname(to));
    touch(path);
    removeEmptyFolders(path);
    return true;
  }

  function removeEmptyFolders(path: string): void {
    for (let dir = dirname(path); dir !== '.'; dir = dirname(dir)) {
      const at = join(dirs.files, dir);
      if (!isEmptyFolder(at)) return;
      rmdirSync(at);
    }
  }

  /** Folders whose entries changed, up to the root: a new folder is an entry of its parent. */
  function touch(path: string): void {
    for (let dir = dirname(path); dir !== '.'; dir = dirname(dir)) {
      touched.add(join(dirs.files, dir));
    }
  }
}

function isEmptyFolder(path: string): boolean {
  return readdirSync(path).length === 0;
}

function prepareRoot(root: string): void {
  mkdirSync(root, { recursive: true, mode: DIR_MODE });
  if (statOrNull(root)?.isDirectory()) return;
  throw new AppError('library/files-not-a-folder', `${root} is not a plain folder.`, {
    remedy: 'Move it away: Carrel never writes through a link.',
    data: { path: root },
  });
}

function shortId(): string {
  return randomBytes(6).toString('hex');
}

function byPath(a: Change, b: Change): number {
  return a.path < b.path ? -1 : 1;
}
