import type { UpdateSummary } from '../../../../src-contract/library.ts';
import { closeJournal, openJournal, readJournal, type Intent } from '../files/journal.ts';
import { materialise, type Materialised } from '../files/materialise.ts';
import { readRecord, statOrNull, writeRecord, type FileRecord } from '../files/record.ts';
import { trashId, type Why } from '../files/trash.ts';
import { diffCommits } from '../git/diff-trees.ts';
import type { ObjectStore, Oid } from '../git/object-store.ts';
import { treeFilesAfter, type KnownVersion } from '../git/tree-files.ts';
import type { LibraryDirs } from '../git-jobs.ts';
import { MAX_PROBLEMS } from '../limits.ts';
import { localVersion, moveRefs, trustedVersion } from './library-state.ts';
import { queueOf } from './queue.ts';
import type { Report } from './reporter.ts';

export interface Applied extends Pick<Materialised, 'changed' | 'merged'> {
  /** All paths that wait for a person now. */
  readonly conflicts: readonly string[];
  /** Of what is materialised. */
  readonly version: Oid;
}

/** An intent that keeps the refs as they are; `changes` say what is to be different. */
export function intentFrom(
  gitdir: string,
  changes: Partial<Intent> & { readonly at: number },
): Intent {
  return {
    trusted: trustedVersion(gitdir),
    local: localVersion(gitdir),
    trash: trashId(changes.at),
    why: 'team-deleted' satisfies Why,
    bases: [],
    ...changes,
  };
}

/**
 * The one door through which refs, record and files change: the intent is on the disk first, and
 * after an interruption `recover` carries it out again. Errors: those of `materialise`.
 */
export async function apply(
  store: ObjectStore,
  dirs: LibraryDirs,
  intent: Intent,
  report: Report,
): Promise<Applied> {
  openJournal(dirs.journal, intent);
  await moveRefs(store, intent.trusted, intent.local);
  const before = readRecord(store.gitdir);
  const version = intent.local ?? intent.trusted;
  const present = new Set(before?.files.keys());
  const tree = await treeFilesAfter(store, version, knownOf(before), present);
  const done = await materialise(store, dirs, before, tree, intent, (count, total) =>
    report('writing', count, total),
  );
  const queue = await queueOf(store, intent.trusted, intent.local);
  const queued =
    intent.local === null ? [] : await diffCommits(store, intent.trusted, intent.local);
  writeRecord(store.gitdir, {
    format: 2,
    commit: version,
    trusted: intent.trusted,
    files: done.files,
    pending: done.pending,
    queued: { versions: queue.length, paths: queued.map(({ path }) => path) },
    refused: done.refused.slice(0, MAX_PROBLEMS),
  });
  closeJournal(dirs.journal);
  const conflicts = [...done.pending.keys()].toSorted();
  return { changed: done.changed, merged: done.merged, conflicts, version };
}

/** Finishes what an interrupted job decided, and writes a folder again that is gone. Cheap where all is well. */
export async function recover(
  store: ObjectStore,
  dirs: LibraryDirs,
  report: Report,
): Promise<Applied | null> {
  const intent = readJournal(dirs.journal);
  if (intent) return apply(store, dirs, intent, report);
  const version = localVersion(dirs.library) ?? trustedVersion(dirs.library);
  const isWritten = readRecord(dirs.library)?.commit === version && statOrNull(dirs.files) !== null;
  if (isWritten) return null;
  return apply(store, dirs, intentFrom(dirs.library, { at: Date.now() }), report);
}

/** `recover` for a library that was just made: tells what is here also where all is well. */
export async function recoverNow(
  store: ObjectStore,
  dirs: LibraryDirs,
  report: Report,
): Promise<Applied> {
  const done = await recover(store, dirs, report);
  return done ?? apply(store, dirs, intentFrom(dirs.library, { at: Date.now() }), report);
}

/** What the record says of the files of its commit; null where it does not say all. */
export function knownOf(record: FileRecord | null): KnownVersion | null {
  if (!record || record.refused.length > 0) return null;
  const files = new Map([...record.files].map(([path, { oid }]) => [path, oid]));
  for (const [path, { theirs }] of record.pending) {
    if (theirs === null) files.delete(path);
    else files.set(path, theirs);
  }
  return { commit: record.commit, files };
}

/** What came from the team, as it is told. `before`: the version that was here. */
export function summaryOf(applied: readonly Applied[], before: Oid): UpdateSummary {
  const last = applied.at(-1);
  const version = last?.version ?? before;
  const changed = [
    ...new Map(applied.flatMap((each) => each.changed).map((each) => [each.path, each])).values(),
  ];
  const merged = [...new Set(applied.flatMap((each) => each.merged))].toSorted();
  const conflicts = [...(last?.conflicts ?? [])];
  const isSame = changed.length === 0 && version === before;
  const calm = merged.length > 0 ? 'kept-local-edits' : isSame ? 'unchanged' : 'updated';
  const sorted = changed.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const state = conflicts.length > 0 ? 'conflict' : calm;
  return { state, version, changed: sorted, merged, conflicts };
}
