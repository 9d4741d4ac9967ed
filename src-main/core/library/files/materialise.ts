import { mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../../../../src-contract/app-error.ts';
import type { Change } from '../../../../src-contract/library.ts';
import type { LibraryDirs } from '../git-jobs.ts';
import type { Refused } from '../sync-jobs.ts';
import { syncDir } from '../git/atomic-fs.ts';
import type { ObjectStore, Oid } from '../git/object-store.ts';
import type { TreeFiles } from '../git/tree-files.ts';
import { blockedParent, inspect, isStill } from './inspect.ts';
import { journalPlaces, type Intent } from './journal.ts';
import {
  statOrNull,
  unseen,
  written,
  type FileRecord,
  type Pending,
  type WrittenFile,
} from './record.ts';
import { openTrash } from './trash.ts';
import { DIR_MODE, writeFilesInBatches, type Outcome, type Wanted } from './write-batch.ts';

export interface Materialised {
  readonly files: ReadonlyMap<string, WrittenFile>;
  readonly pending: ReadonlyMap<string, Pending>;
  readonly refused: readonly Refused[];
  /** Files that have other bytes now, or are gone. */
  readonly changed: readonly Change[];
  /** Of these, the ones where the person's text and the team's became one. */
  readonly merged: readonly string[];
}

/**
 * Brings `files/` to a version, path by path. With what the person's edits start from (B), what
 * stands there (W) and the new version (X): W is B, X is written; X is B, W stays; W is X, it is
 * taken note of; all differ, texts are merged where that is clean, and anything else waits for a
 * person. Nothing is replaced that was not looked at by its bytes right before; what goes, goes to
 * the trash. May be interrupted anywhere and run again.
 *
 * Errors: `library/files-not-a-folder`, and the disk's own.
 */
export async function materialise(
  store: ObjectStore,
  dirs: LibraryDirs,
  before: FileRecord | null,
  tree: TreeFiles,
  intent: Intent,
  onFiles: (done: number, total: number) => void,
): Promise<Materialised> {
  // Where the folder itself is gone, nothing in it was edited: all of it is written again.
  const isLost = statOrNull(dirs.files) === null;
  const files = new Map<string, WrittenFile>(isLost ? [] : before?.files);
  const pending = new Map<string, Pending>(isLost ? [] : before?.pending);
  if (!isLost) for (const { path, oid } of intent.bases) await setBase(path, oid);
  prepareRoot(dirs.files);

  const refused: Refused[] = [...tree.refused];
  const unwritable = new Set(refused.map(({ path }) => path));
  const gone: string[] = [];
  const wanted: Wanted[] = [];
  for (const path of new Set([...files.keys(), ...tree.files.keys(), ...pending.keys()])) {
    const base = files.get(path)?.oid ?? null;
    const oid = tree.files.get(path) ?? null;
    if (unwritable.has(path)) continue;
    if (base === oid) pending.delete(path);
    else if (oid === null) gone.push(path);
    else wanted.push({ path, oid, base });
  }

  const trash = openTrash(dirs.trash, { id: intent.trash, at: intent.at, why: intent.why });
  const mergeTrash = openTrash(dirs.trash, {
    id: `${intent.trash}-merged`,
    at: intent.at,
    why: 'merged',
  });
  const touched = new Set<string>([dirs.files]);
  const changed: Change[] = [];
  const merged: string[] = [];
  const total = gone.length + wanted.length;
  let done = 0;

  // Removals first: a folder may become a file, or the other way.
  for (const path of gone) {
    remove(path);
    onFiles((done += 1), total);
  }
  const places = {
    root: dirs.files,
    staging: journalPlaces(dirs.journal).staging,
    keep: (bytes: Buffer, path: string) => void mergeTrash.keep(bytes, path),
  };
  await writeFilesInBatches(store, places, wanted, (each, outcome) => {
    settle(each, outcome);
    onFiles((done += 1), total);
  });
  for (const dir of touched) if (statOrNull(dir)?.isDirectory()) syncDir(dir);
  return { files, pending, refused, changed: changed.toSorted(byPath), merged: merged.toSorted() };

  async function setBase(path: string, oid: Oid | null): Promise<void> {
    if (oid === null) {
      files.delete(path);
      return;
    }
    const found = blockedParent(dirs.files, path) === null ? inspect(join(dirs.files, path)) : null;
    if (found?.kind === 'file' && found.oid === oid) files.set(path, written(oid, found.stat));
    else files.set(path, unseen(oid, store.has(oid) ? (await store.blob(oid)).length : 0));
  }

  function settle({ path, oid, base }: Wanted, outcome: Outcome): void {
    switch (outcome.kind) {
      case 'written':
        files.set(path, written(oid, outcome.stat));
        break;
      case 'merged':
        files.set(path, unseen(oid, outcome.size));
        if (outcome.isNew) merged.push(path);
        break;
      case 'pending':
        pending.set(path, { base, theirs: oid });
        return;
      case 'refused':
        refused.push({ path, reason: outcome.reason });
        return;
    }
    pending.delete(path);
    if (!outcome.isNew) return;
    changed.push({ path, change: base === null ? 'added' : 'modified' });
    touch(path);
  }

  /** Takes a file out that the new version doesn't have, unless the person changed it. */
  function remove(path: string): void {
    const base = files.get(path)?.oid ?? null;
    const at = join(dirs.files, path);
    const isBlocked = blockedParent(dirs.files, path) !== null;
    const found = isBlocked ? ({ kind: 'missing' } as const) : inspect(at);
    if (found.kind !== 'file') {
      files.delete(path);
      pending.delete(path);
      return;
    }
    if (found.oid !== base || !isStill(at, found)) {
      pending.set(path, { base, theirs: null });
      return;
    }
    trash.take(at, path);
    files.delete(path);
    pending.delete(path);
    changed.push({ path, change: 'deleted' });
    touch(path);
    removeEmptyFolders(path);
  }

  function removeEmptyFolders(path: string): void {
    for (let dir = dirname(path); dir !== '.'; dir = dirname(dir)) {
      const at = join(dirs.files, dir);
      if (readdirSync(at).length > 0) return;
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

function prepareRoot(root: string): void {
  mkdirSync(root, { recursive: true, mode: DIR_MODE });
  if (statOrNull(root)?.isDirectory()) return;
  throw new AppError('library/files-not-a-folder', `${root} is not a plain folder.`, {
    remedy: 'Move it away: Carrel never writes through a link.',
    data: { path: root },
  });
}

function byPath(a: Change, b: Change): number {
  return a.path < b.path ? -1 : 1;
}
