import { readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TrashEntry } from '../../../../src-contract/library.ts';
import { blockedParent, inspect, isStill } from '../files/inspect.ts';
import { readRecord, statOrNull } from '../files/record.ts';
import { listTrash, openTrash, trashId, type Why } from '../files/trash.ts';
import { parentsOf } from '../merge/merge-trees.ts';
import { apply, intentFrom } from './apply.ts';
import { changedMeanwhile } from './job-errors.ts';
import type { Session } from './session.ts';

/**
 * Makes paths of the working folder as the version that is here has them. What stood there is in the
 * trash before anything moves; a file or folder that is in the way goes there too. Returns what went.
 *
 * Errors: `library/changed-meanwhile`, the disk's own.
 */
export async function takeBack(
  { store, dirs, context }: Session,
  paths: readonly string[],
  why: Extract<Why, 'resolved' | 'discarded'>,
  now: number,
): Promise<readonly TrashEntry[]> {
  const trash = openTrash(dirs.trash, { id: trashId(now), at: now, why });
  const record = readRecord(store.gitdir);
  const bases = new Map<string, string | null>();
  for (const path of paths) {
    if (record?.pending.get(path)?.theirs !== null) clearTheWay(path);
    bases.set(path, keep(path));
  }
  const intent = intentFrom(store.gitdir, {
    trash: trash.id,
    why,
    bases: [...bases].map(([path, oid]) => ({ path, oid })),
    at: now,
  });
  await apply(store, dirs, intent, context.report);
  return listTrash(dirs.trash).filter(({ id }) => id.startsWith(trash.id));

  /** What edits start from, so that what stands there may be replaced: itself, kept in the trash. */
  function keep(path: string): string | null {
    if (blockedParent(dirs.files, path) !== null) return null;
    const at = join(dirs.files, path);
    const found = inspect(at);
    if (found.kind !== 'file') return null;
    // What goes altogether is moved to the trash by the one door.
    if (isInVersion(path)) trash.keep(readFileSync(at), path);
    if (!isStill(at, found)) throw changedMeanwhile(path);
    return found.oid;
  }

  function isInVersion(path: string): boolean {
    const waiting = record?.pending.get(path);
    return waiting ? waiting.theirs !== null : record?.files.has(path) === true;
  }

  /** A file where a folder is needed, or a folder where a file is: all of it goes to the trash. */
  function clearTheWay(path: string): void {
    for (const parent of parentsOf(path)) {
      const stat = statOrNull(join(dirs.files, parent));
      if (stat === null) return;
      if (!stat.isDirectory()) trash.take(join(dirs.files, parent), parent);
    }
    if (statOrNull(join(dirs.files, path))?.isDirectory()) clearFolder(path);
  }

  function clearFolder(folder: string): void {
    for (const entry of readdirSync(join(dirs.files, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) clearFolder(path);
      else trash.take(join(dirs.files, path), path);
    }
    rmdirSync(join(dirs.files, folder));
  }
}
