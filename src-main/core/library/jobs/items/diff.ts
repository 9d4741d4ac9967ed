import { join } from 'node:path';
import type { FileDiff } from '../../../../../src-contract/library.ts';
import { unknownItem } from '../../errors.ts';
import { blockedParent } from '../../files/inspect.ts';
import { statOrNull } from '../../files/record.ts';
import type { Oid } from '../../git/object-store.ts';
import { blobAt } from '../../git/tree-path.ts';
import type { ItemJobs } from '../../item-jobs.ts';
import { checkInside } from '../../items/item-path.ts';
import { readBounded } from '../../items/scan-files.ts';
import { diffText } from '../../merge/diff-text.ts';
import { acceptedVersion, openHistory, type History } from './history.ts';

/** One side: null where it has no such file. `bytes` is null where the file is over the cap. */
type Side = { readonly bytes: Buffer | null; readonly size: number } | null;

/**
 * How one file differs: the file here against what it was edited from; against version `from`; or,
 * with `to`, version `to` against `from` (left out: against the version before it).
 *
 * Errors: `library/none`, `library/bad-path`, `library/unknown-version`, `library/unknown-item`
 * (neither side has it).
 */
export async function diff(
  { dirs, path, from, to }: ItemJobs['diff']['input'],
  signal?: AbortSignal,
): Promise<FileDiff> {
  checkInside(path);
  const history = await openHistory(dirs, signal);
  const now = to === null ? here(dirs.files, path) : await inVersion(history, to, path);
  const before =
    from !== null
      ? await inVersion(history, from, path)
      : to !== null
        ? await beforeVersion(history, to, path)
        : await base(history, path);
  if (!before && !now) throw unknownItem(path);
  return { path, ...compare(before, now), oldSize: before?.size ?? 0, newSize: now?.size ?? 0 };
}

function compare(
  before: Side,
  now: Side,
): Pick<FileDiff, 'change' | 'kind' | 'hunks' | 'lineEnds'> {
  const change = before === null ? 'added' : now === null ? 'deleted' : 'modified';
  const [old, fresh] = [bytesOf(before), bytesOf(now)];
  if (!old || !fresh) return { change, kind: 'too-large', hunks: [], lineEnds: false };
  const isSame = before !== null && now !== null && old.equals(fresh);
  return { change: isSame ? 'same' : change, ...diffText(old, fresh) };
}

function bytesOf(side: Side): Buffer | null {
  return side === null ? Buffer.alloc(0) : side.bytes;
}

function here(root: string, path: string): Side {
  if (blockedParent(root, path) !== null) return null;
  const at = join(root, path);
  const stat = statOrNull(at);
  return stat?.isFile() ? { bytes: readBounded(at), size: stat.size } : null;
}

/** What the file here was edited from; where nothing was written here, the team's version of it. */
async function base({ store, record }: History, path: string): Promise<Side> {
  const pending = record.pending.get(path);
  const known = pending ? pending.base : record.files.get(path)?.oid;
  if (known !== undefined) return known === null ? null : side(store, known);
  return inTree(store, (await store.commit(record.trusted)).tree, path);
}

async function inVersion(history: History, version: Oid, path: string): Promise<Side> {
  const { commit } = await acceptedVersion(history, version);
  return inTree(history.store, commit.tree, path);
}

async function beforeVersion(history: History, version: Oid, path: string): Promise<Side> {
  const [parent] = (await acceptedVersion(history, version)).commit.parents;
  if (parent === undefined) return null;
  return inTree(history.store, (await history.store.commit(parent)).tree, path);
}

async function inTree(store: History['store'], tree: Oid, path: string): Promise<Side> {
  const oid = await blobAt(store, tree, path);
  return oid === null ? null : side(store, oid);
}

async function side(store: History['store'], oid: Oid): Promise<Side> {
  const bytes = await store.blob(oid);
  return { bytes, size: bytes.length };
}
