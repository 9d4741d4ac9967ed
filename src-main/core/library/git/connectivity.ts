import { AppError } from '../../../../src-contract/app-error.ts';
import { incomplete, tooLarge } from '../errors.ts';
import { MAX_DEPTH } from '../limits.ts';
import type { ObjectStore, Oid } from './object-store.ts';
import { isFolder, isSubmodule } from './modes.ts';

export interface NewPart {
  /** Commits that the trusted version doesn't have, the tip first. */
  readonly commits: readonly Oid[];
}

/**
 * Checks that everything a new tip needs is here: each commit down to the trusted ones, each of
 * their trees, each file. A server may send a pack that lacks what it promised.
 *
 * Errors: `library/incomplete`; `library/diverged` where the tip doesn't descend from `trusted`.
 */
export async function walkNewPart(
  store: ObjectStore,
  tip: Oid,
  trusted: Oid | null,
  onObjects: (count: number) => void,
): Promise<NewPart> {
  const known = trusted === null ? new Set<Oid>() : await ancestors(store, trusted);
  if (known.has(tip)) throw diverged();
  const commits: Oid[] = [];
  const seen = new Set<Oid>([tip]);
  const trees = new Set<Oid>();
  const queue = [tip];
  let meetsTrusted = trusted === null;
  let objects = 0;
  for (let oid = queue.shift(); oid !== undefined; oid = queue.shift()) {
    const commit = await store.commit(oid);
    commits.push(oid);
    await walkTree(commit.tree, 0);
    onObjects((objects += 1));
    for (const parent of commit.parents) {
      if (parent === trusted) meetsTrusted = true;
      if (known.has(parent) || seen.has(parent)) continue;
      seen.add(parent);
      queue.push(parent);
    }
  }
  if (!meetsTrusted) throw diverged();
  return { commits };

  async function walkTree(oid: Oid, depth: number): Promise<void> {
    if (trees.has(oid)) return;
    if (depth > MAX_DEPTH) throw tooLarge('folders inside each other');
    trees.add(oid);
    for (const entry of await store.tree(oid)) {
      if (isSubmodule(entry.mode)) continue;
      if (isFolder(entry.mode)) await walkTree(entry.oid, depth + 1);
      else if (!store.has(entry.oid)) throw incomplete(entry.oid);
    }
    onObjects((objects += 1));
  }
}

/** All commits below one that is known to be whole, itself included. */
async function ancestors(store: ObjectStore, from: Oid): Promise<Set<Oid>> {
  const found = new Set<Oid>([from]);
  const queue = [from];
  for (let oid = queue.pop(); oid !== undefined; oid = queue.pop()) {
    for (const parent of (await store.commit(oid)).parents) {
      if (found.has(parent)) continue;
      found.add(parent);
      queue.push(parent);
    }
  }
  return found;
}

function diverged(): AppError {
  return new AppError(
    'library/diverged',
    'The remote no longer continues the version that this library has.',
    {
      remedy:
        'Ask the team whether its history was rewritten. Nothing was changed here; a new workspace can connect to the new history.',
      action: 'open-library',
    },
  );
}
