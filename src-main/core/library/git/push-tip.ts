import { AppError } from '../../../../src-contract/app-error.ts';
import { newCommits } from './connectivity.ts';
import { isFolder, isSubmodule } from './modes.ts';
import type { ObjectStore, Oid } from './object-store.ts';
import type { Commit, TreeEntry } from './objects.ts';
import { packObjects } from './packs/pack-objects.ts';
import { receivePack, type Refusal } from './packs/receive-pack.ts';
import type { Transport } from './transports/transport.ts';
import { turns } from './turns.ts';

/** What became of a push. `raced`: the branch is elsewhere than `tip` descends from. */
export type Pushed =
  | { readonly kind: 'taken' }
  | { readonly kind: 'raced' }
  | ({ readonly kind: 'refused' } & Refusal)
  /** The answer made no sense: it may have been taken. */
  | { readonly kind: 'unclear'; readonly cause: unknown };

/**
 * Moves a branch of the remote forward to `tip`, never back and never elsewhere, and sends what it lacks:
 * the objects that no version up to the remote's has at the same place. The remote is asked anew where it
 * stands.
 *
 * Errors: those of the transport and of `getRemoteInfo2`, `library/incomplete`, `library/too-large`.
 */
export async function pushTip(
  store: ObjectStore,
  transport: Transport,
  { tip, branch }: { readonly tip: Oid; readonly branch: string },
): Promise<Pushed> {
  const ref = `refs/heads/${branch}`;
  const info = await store.git.getRemoteInfo2({
    http: transport,
    url: transport.wireUrl,
    protocolVersion: 1,
    forPush: true,
  });
  const refs = info.protocolVersion === 1 ? (info.refs ?? []) : [];
  const from = refs.find((each) => each.ref === ref)?.oid ?? null;
  if (from === tip) return { kind: 'taken' };
  const commits = await since(store, tip, from);
  if (commits === null) return { kind: 'raced' };
  const pack = await packObjects(store, await objectsOf(store, commits, from));
  const hasSideBand = 'side-band-64k' in info.capabilities;
  try {
    const refusal = await receivePack(transport, { ref, from, to: tip }, pack, hasSideBand);
    return refusal === null ? { kind: 'taken' } : { kind: 'refused', ...refusal };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'library/bad-pack') throw error;
    return { kind: 'unclear', cause: error };
  }
}

/** Null where the remote's version is not one of those below the tip. */
async function since(
  store: ObjectStore,
  tip: Oid,
  from: Oid | null,
): Promise<ReadonlyMap<Oid, Commit> | null> {
  if (from !== null && !store.has(from)) return null;
  try {
    return await newCommits(store, tip, from);
  } catch (error) {
    if (error instanceof AppError && error.code === 'library/diverged') return null;
    throw error;
  }
}

/** The objects of these commits, the oldest first, that their first parent does not have at the same place. */
async function objectsOf(
  store: ObjectStore,
  commits: ReadonlyMap<Oid, Commit>,
  from: Oid | null,
): Promise<readonly Oid[]> {
  const found = new Set<Oid>();
  const turn = turns();
  for (const [oid, commit] of [...commits].toReversed()) {
    found.add(oid);
    const [parent] = commit.parents;
    const isThere = parent !== undefined && (parent === from || commits.has(parent));
    await collect(commit.tree, isThere ? (await store.commit(parent)).tree : null);
  }
  return [...found];

  async function collect(oid: Oid, base: Oid | null): Promise<void> {
    if (oid === base || found.has(oid)) return;
    found.add(oid);
    await turn();
    const before = new Map(
      (base === null ? [] : await store.tree(base)).map((each) => [nameOf(each), each]),
    );
    for (const entry of await store.tree(oid)) {
      if (isSubmodule(entry.mode)) continue;
      const was = before.get(nameOf(entry));
      if (!isFolder(entry.mode)) {
        if (was?.oid !== entry.oid) found.add(entry.oid);
      } else await collect(entry.oid, was && isFolder(was.mode) ? was.oid : null);
    }
  }
}

function nameOf({ raw }: TreeEntry): string {
  return raw.toString('latin1');
}
