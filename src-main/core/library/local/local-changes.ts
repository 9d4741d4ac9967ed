import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../../../src-contract/library.ts';
import { blockedParent, inspect, isStill } from '../files/inspect.ts';
import { statOrNull, type FileRecord } from '../files/record.ts';
import type { ObjectStore, Oid } from '../git/object-store.ts';
import { blobOid } from '../git/objects.ts';
import { scanFiles, type ScannedFile } from '../items/scan-files.ts';
import { MAX_FILE_BYTES } from '../limits.ts';
import { foldedPath, pathProblem } from '../portable-path.ts';

/** A file that differs from what was written here. */
export interface LocalChange extends Change {
  /** Bytes; 0 for a deletion. */
  readonly size: number;
  /** Why it can't be published, in words; null where it can. */
  readonly blocked: string | null;
}

/** What changed in the folder since it was written, by path. */
export function localChanges(root: string, record: FileRecord): readonly LocalChange[] {
  const changed = scanFiles(root, record).filter(({ state }) => state !== 'clean');
  const isInTheWay = clashes(record, changed);
  const refused = new Set(record.refused.map(({ path }) => path));
  return changed.map((file) => ({
    path: file.path,
    change: changeOf(file),
    size: file.stat?.size ?? 0,
    blocked: blockedBy(file),
  }));

  function blockedBy({ path, state, stat }: ScannedFile): string | null {
    if (record.pending.has(path)) return 'the team changed it as well: solve the conflict first';
    // Also a deletion: what would go is not what the person sees, but what the team has there now.
    if (refused.has(path)) return 'the team has a file of this name that can’t be written here';
    if (state === 'deleted') {
      if (blockedParent(root, path) !== null) return isBehindFile(path);
      const other = statOrNull(join(root, path));
      return other !== null && !other.isDirectory() ? 'a link stands in its place' : null;
    }
    const problem = pathProblem(path);
    if (problem !== null) return problem;
    if ((stat?.size ?? 0) > MAX_FILE_BYTES) return 'it is larger than 10 MB';
    return isInTheWay(path);
  }

  /** A plain file where the folder was is a change; a link is followed by nobody. */
  function isBehindFile(path: string): string | null {
    const blocking = blockedParent(root, path);
    const stat = blocking === null ? null : statOrNull(blocking);
    return stat?.isFile() === true ? null : 'it is behind a link';
  }
}

/** The bytes of one change as they are now. */
export type ReadChange =
  | { readonly kind: 'file'; readonly bytes: Buffer; readonly oid: Oid }
  | { readonly kind: 'deleted' }
  /** Somebody writes it right now, or it is no plain file any more. */
  | { readonly kind: 'busy' };

/** Reads a file so that its bytes are those of one moment. */
export function readChange(root: string, path: string): ReadChange {
  const at = join(root, path);
  const found = inspect(at);
  if (found.kind === 'missing') return { kind: 'deleted' };
  if (found.kind !== 'file' || found.stat.size > MAX_FILE_BYTES) return { kind: 'busy' };
  const bytes = readFileSync(at);
  const isWhole = blobOid(bytes) === found.oid && isStill(at, found);
  return isWhole ? { kind: 'file', bytes, oid: found.oid } : { kind: 'busy' };
}

/**
 * Writes the bytes of changed files as objects. What somebody is writing right now is left out: so is a
 * file that was there a moment ago, for programs save by writing anew what they removed.
 */
export async function storeChanges(
  store: ObjectStore,
  root: string,
  changes: readonly Change[],
): Promise<ReadonlyMap<string, Oid | null>> {
  const { fs, gitdir } = store;
  const stored = new Map<string, Oid | null>();
  for (const { path, change } of changes) {
    const read = readChange(root, path);
    if (read.kind === 'file') {
      if (!store.has(read.oid)) await store.git.writeBlob({ fs, gitdir, blob: read.bytes });
      stored.set(path, read.oid);
    } else if (read.kind === 'deleted' && change === 'deleted') stored.set(path, null);
  }
  return stored;
}

function changeOf({ state }: ScannedFile): Change['change'] {
  switch (state) {
    case 'added':
      return 'added';
    case 'deleted':
      return 'deleted';
    case 'edited':
    case 'clean':
      return 'modified';
  }
}

/** Tells what of the team's version a new path would run into: a file where it needs a folder, a name in another spelling. */
function clashes(
  record: FileRecord,
  changed: readonly ScannedFile[],
): (path: string) => string | null {
  const added = changed.filter(({ state }) => state === 'added');
  if (added.length === 0) return () => null;
  const gone = new Set(changed.flatMap(({ path, state }) => (state === 'deleted' ? path : [])));
  const files = new Set<string>();
  const folders = new Set<string>();
  const spelled = new Map<string, string>();
  const theirs = [...record.pending].flatMap(([path, { theirs: oid }]) =>
    oid === null ? [] : path,
  );
  const refused = record.refused.map(({ path }) => path);
  for (const path of [...record.files.keys(), ...theirs, ...refused]) {
    if (gone.has(path) && !record.pending.has(path)) continue;
    files.add(path);
    for (const name of namesOf(path)) {
      if (name !== path) folders.add(name);
      if (!spelled.has(foldedPath(name))) spelled.set(foldedPath(name), name);
    }
  }
  return (path) => {
    if (folders.has(path)) return 'the team has a folder of this name';
    for (const name of namesOf(path)) {
      if (name !== path && files.has(name)) return `the team has a file named "${name}"`;
      const other = spelled.get(foldedPath(name));
      if (other !== undefined && other !== name) {
        return `the team has "${other}": the same name but for case or accents`;
      }
      // Of two new ones that only differ so, the first goes.
      spelled.set(foldedPath(name), name);
    }
    return null;
  };
}

/** A path and the folders that it is in, the outermost first. */
function namesOf(path: string): readonly string[] {
  return [...path.matchAll(/\/|$/g)].map(({ index }) => path.slice(0, index));
}
