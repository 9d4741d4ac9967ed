import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Conflict, ConflictDetail } from '../../../../src-contract/library.ts';
import type { GitJobs, LibraryDirs } from '../git-jobs.ts';
import { blockedParent, inspect } from '../files/inspect.ts';
import { readRecord, type Pending } from '../files/record.ts';
import { ObjectStore, type Oid } from '../git/object-store.ts';
import { blobOid } from '../git/objects.ts';
import { MAX_FILE_BYTES } from '../limits.ts';
import { mergeText } from '../merge/merge-text.ts';
import { textOf } from '../merge/text.ts';
import { exists } from './library-state.ts';

/** Items changed here and by the team, by path; none without a library. Needs no lock. */
export async function conflicts(
  { dirs }: GitJobs['conflicts']['input'],
  _context?: unknown,
): Promise<readonly Conflict[]> {
  const pending = pendingOf(dirs);
  if (pending.size === 0) return [];
  const store = await ObjectStore.open(dirs.library);
  const all: Conflict[] = [];
  for (const [path, each] of pending) all.push((await look(store, dirs, path, each)).conflict);
  return all.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** One conflict with its texts; null where the path has none. */
export async function conflict(
  { dirs, path }: GitJobs['conflict']['input'],
  _context?: unknown,
): Promise<ConflictDetail | null> {
  const pending = pendingOf(dirs).get(path);
  if (!pending) return null;
  const store = await ObjectStore.open(dirs.library);
  const { conflict, base, mine, theirs } = await look(store, dirs, path, pending);
  const isText = conflict.kind === 'text' && mine !== null && theirs !== null;
  const merge = isText ? mergeText(base ?? Buffer.alloc(0), mine, theirs) : null;
  const chunks =
    merge?.kind === 'conflict'
      ? [...merge.chunks]
      : merge?.kind === 'clean'
        ? [{ kind: 'merged' as const, text: merge.bytes.toString('utf8') }]
        : [];
  return {
    ...conflict,
    baseText: base && textOf(base),
    mineText: mine && textOf(mine),
    theirsText: theirs && textOf(theirs),
    chunks,
  };
}

function pendingOf(dirs: LibraryDirs): ReadonlyMap<string, Pending> {
  if (!exists(dirs.library)) return new Map();
  return readRecord(dirs.library)?.pending ?? new Map<string, Pending>();
}

async function look(
  store: ObjectStore,
  dirs: LibraryDirs,
  path: string,
  pending: Pending,
): Promise<{
  readonly conflict: Conflict;
  readonly base: Buffer | null;
  readonly mine: Buffer | null;
  readonly theirs: Buffer | null;
}> {
  const isBlocked = blockedParent(dirs.files, path) !== null;
  const at = join(dirs.files, path);
  const found = isBlocked ? ({ kind: 'other' } as const) : inspect(at);
  const size = found.kind === 'file' ? found.stat.size : 0;
  const mine = found.kind === 'file' && size <= MAX_FILE_BYTES ? readFileSync(at) : null;
  const theirs = await bytesOf(pending.theirs);
  const base = await bytesOf(pending.base);
  return {
    conflict: {
      path,
      kind: kindOf(),
      mine: mine
        ? { oid: blobOid(mine), size }
        : found.kind === 'file'
          ? { oid: found.oid, size }
          : null,
      theirs:
        pending.theirs === null ? null : { oid: pending.theirs, size: theirs?.byteLength ?? 0 },
    },
    base,
    mine,
    theirs,
  };

  function kindOf(): Conflict['kind'] {
    switch (found.kind) {
      case 'folder':
      case 'other':
        return 'folder';
      case 'missing':
        return 'deleted-here';
      case 'file':
        if (pending.theirs === null) return 'deleted-there';
        return [mine, theirs, base].every((each, n) => isText(each, n === 2)) ? 'text' : 'binary';
    }
  }

  async function bytesOf(oid: Oid | null): Promise<Buffer | null> {
    return oid !== null && store.has(oid) ? store.blob(oid) : null;
  }
}

function isText(bytes: Buffer | null, mayMiss: boolean): boolean {
  return bytes === null ? mayMiss : textOf(bytes) !== null;
}
