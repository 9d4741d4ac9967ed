import { mkdirSync, renameSync, rmdirSync, readdirSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { removeIfThere } from '../git/atomic-fs.ts';
import type { ObjectStore, Oid } from '../git/object-store.ts';
import { MAX_FILE_BYTES } from '../limits.ts';
import { blockedParent, inspect, isStill, type Found } from './inspect.ts';
import { statOrNull } from './record.ts';

/** The library's files are for every editor of this person; their folder's parent is 0700. */
const FILE_MODE = 0o644;
export const DIR_MODE = 0o755;
/** Files synced together: a file system writes their journal once, which is three times as fast as one by one. */
const BATCH_FILES = 64;
/** Their bytes are in memory at the same time. */
const BATCH_BYTES = 16 * 1024 * 1024;

export interface Wanted {
  readonly path: string;
  readonly oid: Oid;
  /** What we wrote there before; undefined where nothing. */
  readonly base: Oid | undefined;
}

export type Outcome =
  | { readonly kind: 'written'; readonly stat: Stats }
  /** The person's bytes stand there, and stay. */
  | { readonly kind: 'kept' }
  | { readonly kind: 'refused'; readonly reason: string };

interface Staged {
  readonly wanted: Wanted;
  readonly found: Found;
  readonly temp: string;
  readonly bytes: Buffer;
}

/** Writes files into the library: staged and synced in batches, looked at again, then renamed into place. */
export async function writeFilesInBatches(
  store: ObjectStore,
  places: { readonly root: string; readonly staging: string },
  wanted: readonly Wanted[],
  report: (wanted: Wanted, outcome: Outcome) => void,
): Promise<void> {
  let batch: Staged[] = [];
  let bytes = 0;
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

  /** Only a place that is as we left it (or empty, where we had nothing) is written. */
  async function prepare(each: Wanted): Promise<Staged | Outcome> {
    const { path, oid, base } = each;
    if (blockedParent(places.root, path) !== null) return { kind: 'kept' };
    const at = join(places.root, path);
    let found = inspect(at);
    if (found.kind === 'folder' && readdirSync(at).length === 0) {
      rmdirSync(at);
      found = { kind: 'missing' };
    }
    if (found.kind === 'file' && found.oid === oid) return { kind: 'written', stat: found.stat };
    const isOurs =
      found.kind === 'missing' ? base === undefined : found.kind === 'file' && found.oid === base;
    if (!isOurs) return { kind: 'kept' };
    const content = await store.blob(oid);
    if (content.length > MAX_FILE_BYTES) {
      return { kind: 'refused', reason: 'it is larger than 10 MB' };
    }
    const temp = join(places.staging, randomBytes(8).toString('hex'));
    return { wanted: each, found, temp, bytes: content };
  }

  async function flush(): Promise<void> {
    await Promise.all(batch.map(({ temp, bytes }) => stage(temp, bytes)));
    for (const staged of batch) report(staged.wanted, place(staged));
    batch = [];
    bytes = 0;
  }

  function place({ wanted: { path }, found, temp }: Staged): Outcome {
    const at = join(places.root, path);
    if (blockedParent(places.root, path) === null && isStill(at, found)) {
      mkdirSync(dirname(at), { recursive: true, mode: DIR_MODE });
      renameSync(temp, at);
      const stat = statOrNull(at);
      if (stat) return { kind: 'written', stat };
    }
    removeIfThere(temp);
    return { kind: 'kept' };
  }
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
