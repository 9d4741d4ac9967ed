import { TRUSTED, type ObjectStore, type Oid } from './object-store.ts';

/** The tip of what was committed here and not sent yet. */
const LOCAL = 'refs/app/local';
/** Commits that a remote is told one by one; longer queues are published in between. */
const EACH = 16;
/** How far back it is told of ancestors, in ever larger steps: a remote that went back further is a stranger. */
const FARTHEST = 1_024;

/**
 * Commits that are here with all that belongs to them, the newest first: those of the queue, the
 * accepted version, and some of its ancestors, should the remote have gone back. Never the untrusted
 * ref: what it names need not be whole.
 */
export async function knownCommits(store: ObjectStore): Promise<readonly Oid[]> {
  const trusted = await store.resolve(TRUSTED);
  const known = new Set<Oid>();
  let steps = 0;
  let oid: Oid | undefined = (await store.resolve(LOCAL)) ?? trusted ?? undefined;
  while (oid !== undefined && steps <= FARTHEST) {
    if (steps < EACH || isPowerOfTwo(steps)) known.add(oid);
    [oid] = (await store.commit(oid)).parents;
    steps += 1;
  }
  if (trusted !== null) known.add(trusted);
  return [...known];
}

function isPowerOfTwo(n: number): boolean {
  return (n & (n - 1)) === 0;
}
