import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  type Stats,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { removeIfThere } from '../git/atomic-fs.ts';
import type { ObjectStore, Oid } from '../git/object-store.ts';
import { blobOid } from '../git/objects.ts';
import { MAX_FILE_BYTES } from '../limits.ts';
import { mergeText } from '../merge/merge-text.ts';
import { blockedParent, inspect, isStill, type Found } from './inspect.ts';
import { statOrNull } from './record.ts';

/** The library's files are for every editor of this person; their folder's parent is 0700. */
const FILE_MODE = 0o644;
export const DIR_MODE = 0o755;
/** Files synced together: a file system writes their journal once, which is three times as fast as one by one. */
const BATCH_FILES = 64;
/** Their bytes are in memory at the same time. */
const BATCH_BYTES = 16 * 1024 * 1024;
/** Looks at a file that somebody writes all the time, before it is left to them. */
const MAX_LOOKS = 3;

/** A file that the new version has. */
export interface Wanted {
  readonly path: string;
  readonly oid: Oid;
  /** What the person's edits start from; null where from no file. */
  readonly base: Oid | null;
}

export type Outcome =
  /** The new bytes stand there. `isNew`: they did not before. */
  | { readonly kind: 'written'; readonly stat: Stats; readonly isNew: boolean }
  /** The new bytes are merged into the person's. `size`: of the new version's file, bytes. */
  | { readonly kind: 'merged'; readonly size: number; readonly isNew: boolean }
  /** Changed on both sides: the person's stand there, untouched. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'refused'; readonly reason: string };

export interface WritePlaces {
  readonly root: string;
  readonly staging: string;
  /** Takes the person's bytes right before a merge replaces them. Durable when it returns. */
  readonly keep: (bytes: Buffer, path: string) => void;
}

interface Staged {
  readonly wanted: Wanted;
  readonly found: Found;
  readonly temp: string;
  readonly bytes: Buffer;
  /** A merge: the person's bytes, and the size of the new version's file. */
  readonly merge: { readonly mine: Buffer; readonly size: number } | null;
}

/**
 * Brings files to their new version: staged and synced in batches, looked at again, then renamed into
 * place. What the person changed is merged where that is clean, and left alone where it is not.
 */
export async function writeFilesInBatches(
  store: ObjectStore,
  places: WritePlaces,
  wanted: readonly Wanted[],
  report: (wanted: Wanted, outcome: Outcome) => void,
): Promise<void> {
  let batch: Staged[] = [];
  let bytes = 0;
  let raced: Wanted[] = [];
  for (const each of wanted) {
    const next = await prepare(each);
    if ('kind' in next) {
      report(each, next);
      continue;
    }
    batch.push(next);
    bytes += next.bytes.length;
    if (batch.length >= BATCH_FILES || bytes >= BATCH_BYTES) await flush();
  }
  await flush();
  for (let look = 1; raced.length > 0; look += 1) {
    const again = raced;
    raced = [];
    for (const each of again) {
      const next = look < MAX_LOOKS ? await prepare(each) : ({ kind: 'pending' } as const);
      if ('kind' in next) report(each, next);
      else batch.push(next);
    }
    await flush();
  }

  async function prepare(each: Wanted): Promise<Staged | Outcome> {
    const { path, oid, base } = each;
    if (blockedParent(places.root, path) !== null) return { kind: 'pending' };
    const at = join(places.root, path);
    let found = inspect(at);
    if (found.kind === 'folder' && removeEmptyFolder(at)) found = { kind: 'missing' };
    switch (found.kind) {
      case 'folder':
      case 'other':
        return { kind: 'pending' };
      case 'missing':
        // Deleted here, changed there; where nothing changed there either, nobody asks.
        return base === null ? fresh(each, found) : { kind: 'pending' };
      case 'file':
        if (found.oid === oid) return { kind: 'written', stat: found.stat, isNew: false };
        return found.oid === base ? fresh(each, found) : merge(each, found);
    }
  }

  async function fresh(each: Wanted, found: Found): Promise<Staged | Outcome> {
    const bytes = await store.blob(each.oid);
    if (bytes.length > MAX_FILE_BYTES) {
      return { kind: 'refused', reason: 'it is larger than 10 MB' };
    }
    return { wanted: each, found, temp: tempPath(), bytes, merge: null };
  }

  async function merge(each: Wanted, found: Found): Promise<Staged | Outcome> {
    const { path, oid, base } = each;
    if (base === null || !store.has(base) || found.kind !== 'file') return { kind: 'pending' };
    if (found.stat.size > MAX_FILE_BYTES) return { kind: 'pending' };
    const mine = readFileSync(join(places.root, path));
    const theirs = await store.blob(oid);
    const result = mergeText(await store.blob(base), mine, theirs);
    if (blobOid(mine) !== found.oid || result.kind !== 'clean') return { kind: 'pending' };
    const size = theirs.length;
    // What the team changed, the person had changed already.
    if (result.bytes.equals(mine)) return { kind: 'merged', size, isNew: false };
    const temp = tempPath();
    return { wanted: each, found, temp, bytes: result.bytes, merge: { mine, size } };
  }

  function tempPath(): string {
    return join(places.staging, randomBytes(8).toString('hex'));
  }

  async function flush(): Promise<void> {
    await Promise.all(batch.map(({ temp, bytes }) => stage(temp, bytes)));
    for (const staged of batch) {
      const outcome = place(staged);
      if (outcome) report(staged.wanted, outcome);
      else raced.push(staged.wanted);
    }
    batch = [];
    bytes = 0;
  }

  /** Null where somebody wrote the file meanwhile. */
  function place({ wanted: { path }, found, temp, merge }: Staged): Outcome | null {
    const at = join(places.root, path);
    if (merge) places.keep(merge.mine, path);
    if (blockedParent(places.root, path) === null && isStill(at, found)) {
      mkdirSync(dirname(at), { recursive: true, mode: DIR_MODE });
      const staged = lstatSync(temp);
      renameSync(temp, at);
      if (merge) return { kind: 'merged', size: merge.size, isNew: true };
      const stat = statOrNull(at);
      // Written by somebody since: what is recorded is ours, so that the next look reads the file.
      return {
        kind: 'written',
        stat: stat && isSameFile(stat, staged) ? stat : staged,
        isNew: true,
      };
    }
    removeIfThere(temp);
    return null;
  }
}

/** Whether nothing was written between two looks; a rename changes neither of these. */
function isSameFile(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs;
}

/** True where the folder had no files, only folders, and is gone. */
function removeEmptyFolder(path: string): boolean {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (!entry.isDirectory() || !removeEmptyFolder(join(path, entry.name))) return false;
  }
  rmdirSync(path);
  return true;
}

async function stage(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'wx', FILE_MODE);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
