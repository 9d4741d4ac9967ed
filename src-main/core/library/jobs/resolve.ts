import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { notInConflict } from '../errors.ts';
import type { GitJobs } from '../git-jobs.ts';
import { blockedParent, inspect, isStill } from '../files/inspect.ts';
import { journalPlaces } from '../files/journal.ts';
import { readRecord, unseen, writeRecord, type FileRecord, type Pending } from '../files/record.ts';
import { openTrash } from '../files/trash.ts';
import { DIR_MODE } from '../files/write-batch.ts';
import { writeAtomic } from '../git/atomic-fs.ts';
import { changedMeanwhile } from './job-errors.ts';
import type { JobContext } from './job-context.ts';
import { withLibrary, type Session } from './session.ts';
import { takeBack } from './take-back.ts';

/** Like every file of the library: for the editors of this person. */
const FILE_MODE = 0o644;

/**
 * Ends a conflict. `mine`: what stands here is an edit of the team's version from now on. `theirs`: the
 * team's version is written. `text`: that is written, and is an edit. What is replaced goes to the trash.
 *
 * Errors: `library/none`, `library/locked`, `library/not-in-conflict`, `library/changed-meanwhile`.
 */
export async function resolve(
  input: GitJobs['resolve']['input'],
  context: JobContext,
): Promise<null> {
  const { dirs, path, take, now } = input;
  return withLibrary(dirs, context, async (session) => {
    const record = readRecord(dirs.library);
    const pending = record?.pending.get(path);
    if (!record || !pending) throw notInConflict(path);
    switch (take.kind) {
      case 'theirs':
        await takeBack(session, [path], 'resolved', now);
        break;
      case 'mine':
        await endConflict(session, record, path, pending);
        break;
      case 'text':
        if (blockedParent(dirs.files, path) !== null || isFolder(session, path)) {
          await takeBack(session, [path], 'resolved', now);
        }
        writeText(session, path, Buffer.from(take.text, 'utf8'), now);
        await endConflict(session, readRecord(dirs.library) ?? record, path, pending);
        break;
    }
    return null;
  });
}

function isFolder({ dirs }: Session, path: string): boolean {
  return inspect(join(dirs.files, path)).kind === 'folder';
}

/** From now on the edits of this path start from the team's version. */
async function endConflict(
  { store }: Session,
  record: FileRecord,
  path: string,
  { theirs }: Pending,
): Promise<void> {
  const files = new Map(record.files);
  const pending = new Map(record.pending);
  pending.delete(path);
  if (theirs === null) files.delete(path);
  else if (files.get(path)?.oid !== theirs) {
    files.set(path, unseen(theirs, (await store.blob(theirs)).length));
  }
  writeRecord(store.gitdir, { ...record, files, pending });
}

function writeText({ dirs }: Session, path: string, bytes: Buffer, now: number): void {
  const at = join(dirs.files, path);
  const found = inspect(at);
  if (found.kind === 'file') {
    const mine = readFileSync(at);
    if (!mine.equals(bytes)) openTrash(dirs.trash, { at: now, why: 'resolved' }).keep(mine, path);
  }
  if (!isStill(at, found)) throw changedMeanwhile(path);
  const { staging } = journalPlaces(dirs.journal);
  mkdirSync(staging, { recursive: true, mode: 0o700 });
  mkdirSync(dirname(at), { recursive: true, mode: DIR_MODE });
  writeAtomic(at, bytes, staging, FILE_MODE);
}
