import type { Version } from '../../../../src-contract/library.ts';
import type { ObjectStore, Oid } from '../git/object-store.ts';

/** The commits that wait, the oldest first: a line on top of the team's version. */
export async function queueOf(
  store: ObjectStore,
  trusted: Oid,
  local: Oid | null,
): Promise<readonly Oid[]> {
  const queue: Oid[] = [];
  for (let oid = local ?? undefined; oid !== undefined && oid !== trusted;) {
    queue.push(oid);
    [oid] = (await store.commit(oid)).parents;
  }
  return queue.toReversed();
}

/** Commits as they are listed, in the same order. */
export async function versionsOf(
  store: ObjectStore,
  commits: readonly Oid[],
  state: Version['state'],
): Promise<Version[]> {
  const versions: Version[] = [];
  for (const oid of commits) {
    const { message, author, at } = await store.commit(oid);
    versions.push({ version: oid, message, author, at, state });
  }
  return versions;
}
