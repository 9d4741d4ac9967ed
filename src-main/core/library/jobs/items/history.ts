import type { Version } from '../../../../../src-contract/library.ts';
import type { FileRecord } from '../../files/record.ts';
import type { LibraryDirs } from '../../git-jobs.ts';
import { ObjectStore, type Oid } from '../../git/object-store.ts';
import type { Commit } from '../../git/objects.ts';
import { unknownVersion } from '../../items/item-errors.ts';
import { notesOf, recordHere } from './shelf.ts';

/** Versions looked at for one answer: years of a busy team, some seconds at most. */
const MAX_WALKED = 10_000;

/** A library whose versions are read. */
export interface History {
  readonly store: ObjectStore;
  readonly record: FileRecord;
  readonly dirs: LibraryDirs;
  readonly signal: AbortSignal | undefined;
}

/** Errors: `library/none`. */
export async function openHistory(dirs: LibraryDirs, signal?: AbortSignal): Promise<History> {
  const record = recordHere(dirs);
  return { store: await ObjectStore.open(dirs.library), record, dirs, signal };
}

/** One version along the first parents; `n` is 0 for the newest. */
export interface Step {
  readonly n: number;
  readonly oid: Oid;
  readonly commit: Commit;
}

/** Versions along the first parents, the one that is here first, at most `MAX_WALKED`. */
export async function* firstParents({ store, record, signal }: History): AsyncGenerator<Step> {
  let oid: Oid | undefined = record.commit;
  for (let n = 0; oid && n < MAX_WALKED; n += 1) {
    signal?.throwIfAborted();
    const commit: Commit = await store.commit(oid);
    yield { n, oid, commit };
    oid = commit.parents[0];
  }
}

export function toVersion({ record }: History, { n, oid, commit }: Step): Version {
  const { message, author, at } = commit;
  // The queue is what lies on top of the team's version, one commit on the other.
  const state = n < record.queued.versions ? 'queued' : 'published';
  return { version: oid, message, author, at, state };
}

/**
 * One version that was accepted: it is here, leads to what is here, or was fetched, verified and not
 * yet taken. What was refused is in the same store, and nobody gets to see it.
 * Errors: `library/unknown-version`.
 */
export async function acceptedVersion(history: History, version: Oid): Promise<Step> {
  for await (const step of firstParents(history)) if (step.oid === version) return step;
  const { store, record, dirs, signal } = history;
  const incoming = notesOf(dirs).available?.version;
  const queue = [record.commit, record.trusted, ...(incoming === undefined ? [] : [incoming])];
  const seen = new Set(queue);
  for (let walked = 0; walked < MAX_WALKED; walked += 1) {
    signal?.throwIfAborted();
    const oid = queue.shift();
    if (oid === undefined || !store.has(oid)) break;
    const commit = await store.commit(oid);
    if (oid === version) return { n: MAX_WALKED, oid, commit };
    for (const parent of commit.parents) {
      if (seen.has(parent)) continue;
      seen.add(parent);
      queue.push(parent);
    }
  }
  throw unknownVersion(version);
}
