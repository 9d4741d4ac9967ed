import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fromDisk } from '../errors.ts';
import { syncDir } from '../git/atomic-fs.ts';
import { ObjectStore } from '../git/object-store.ts';
import { unfinished } from '../git/places.ts';
import { exists } from './library-state.ts';

/**
 * Makes a git directory under another name and gives it its own only when `fill` has brought all of
 * it: an interruption leaves no library or a whole one. Where it is there already (an earlier try of
 * the same job) it is opened.
 */
export async function createWhole(
  gitdir: string,
  fill: (store: ObjectStore) => Promise<void>,
): Promise<ObjectStore> {
  if (exists(gitdir)) return ObjectStore.open(gitdir);
  const draft = unfinished(gitdir);
  try {
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true, mode: 0o700 });
    const store = await ObjectStore.open(draft);
    await store.git.init({ fs: store.fs, gitdir: draft, bare: true, defaultBranch: 'main' });
    await fill(store);
    renameSync(draft, gitdir);
    syncDir(dirname(gitdir));
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw fromDisk(error);
  }
  return ObjectStore.open(gitdir);
}
