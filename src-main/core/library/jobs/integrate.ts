import type { AvailableUpdate } from '../../../../src-contract/library.ts';
import { readRecord } from '../files/record.ts';
import { diffCommits } from '../git/diff-trees.ts';
import { fetchTip, remoteTip, type RemoteTip } from '../git/fetch-tip.ts';
import type { Oid } from '../git/object-store.ts';
import type { Transport } from '../git/transports/transport.ts';
import { braked } from '../local/brake.ts';
import type { Held } from '../sync-jobs.ts';
import { accept, type Accepted } from './accept.ts';
import { apply, intentFrom, knownOf, type Applied } from './apply.ts';
import { localVersion, noteState, readState, trustedVersion } from './library-state.ts';
import { versionsOf } from './queue.ts';
import { replay } from './replay.ts';
import type { Session } from './session.ts';

/** Where the remote stands, fetched and looked at. Nothing of it is taken yet. */
export interface Arrived {
  readonly tip: RemoteTip;
  /** Null where the remote has what is here, or less. */
  readonly accepted: Accepted | null;
}

/**
 * Asks the remote, fetches and verifies. `null` where it has no version at all and none was ever seen
 * there: a new place to publish to. Errors: those of the transports and of `accept`.
 */
export async function arrive(
  session: Session,
  transport: Transport,
  now: number,
): Promise<Arrived | null> {
  const { store, context } = session;
  const { report, policy } = context;
  report('checking', 0, null);
  const { branch } = readState(store.gitdir);
  const trusted = trustedVersion(store.gitdir);
  const tip = await firstTip();
  if (tip === null) return null;
  if (tip.oid === trusted) {
    if (readState(store.gitdir).quarantined.length > 0)
      noteState(store.gitdir, { quarantined: [] });
    return { tip, accepted: null };
  }
  await fetchTip(store, transport, tip);
  if (branch === null && (await isBelow(tip.oid, trusted))) return { tip, accepted: null };
  const known = knownOf(readRecord(store.gitdir));
  const accepted = await accept(store, tip.oid, trusted, known, policy, report);
  noteState(store.gitdir, {
    branch: tip.branch,
    checkedAt: now,
    quarantined: accepted.quarantined,
  });
  return { tip, accepted: accepted.version === trusted ? null : accepted };

  async function firstTip(): Promise<RemoteTip | null> {
    try {
      return await remoteTip(store, transport, branch);
    } catch (error) {
      const isEmpty =
        error instanceof Error && 'code' in error && error.code === 'library/empty-remote';
      if (isEmpty && branch === null) return null;
      throw error;
    }
  }

  /** A remote that is seen for the first time may have an older version of this library. */
  async function isBelow(oid: Oid, from: Oid): Promise<boolean> {
    const seen = new Set([from]);
    const queue = [from];
    for (let each = queue.pop(); each !== undefined; each = queue.pop()) {
      if (each === oid) return true;
      for (const parent of (await store.commit(each)).parents) {
        if (!seen.has(parent)) queue.push(parent);
        seen.add(parent);
      }
    }
    return false;
  }
}

export type Integrated =
  | { readonly kind: 'same' }
  | { readonly kind: 'held'; readonly held: Held }
  | { readonly kind: 'taken'; readonly applied: Applied };

/**
 * Makes an accepted version the team's version here: the brake for deletions, the queue onto it, and
 * then the one door. `allowDeletions`: the version that may delete much.
 */
export async function integrate(
  session: Session,
  { tip, accepted }: Arrived,
  allowDeletions: Oid | null,
  now: number,
): Promise<Integrated> {
  const { store, dirs, context } = session;
  const { gitdir } = store;
  const trusted = trustedVersion(gitdir);
  const local = localVersion(gitdir);
  if (accepted === null) {
    noteState(gitdir, { branch: tip.branch, checkedAt: now, available: null, ...noUpdateHeld() });
    return { kind: 'same' };
  }
  const { version, commits } = accepted;
  const here = local ?? trusted;
  const hasQueue = local !== null && commits.includes(local);
  const changes = await diffCommits(store, hasQueue ? here : trusted, version);
  const files = readRecord(gitdir)?.files.size ?? 0;
  const brake = version === allowDeletions ? null : braked(changes, files);
  if (brake) {
    const held: Held = { direction: 'update', version, deletions: brake.deletions, files };
    noteState(gitdir, { held, available: await availableOf(session, accepted) });
    return { kind: 'held', held };
  }
  const input = { trusted, local, onto: version, arrived: commits, now };
  const replayed = await replay(store, dirs, input, context.report);
  // The last moment at which nothing has changed here.
  context.signal.throwIfAborted();
  const intent = intentFrom(gitdir, { trusted: version, ...replayed, at: now });
  const applied = await apply(store, dirs, intent, context.report);
  noteState(gitdir, { available: null, ...noUpdateHeld() });
  return { kind: 'taken', applied };

  function noUpdateHeld(): { held?: null } {
    return readState(gitdir).held?.direction === 'update' ? { held: null } : {};
  }
}

/** What an accepted version would bring; null where it only has what was made here. */
export async function availableOf(
  { store }: Session,
  { version, commits }: Accepted,
): Promise<AvailableUpdate | null> {
  const local = localVersion(store.gitdir);
  const here =
    local !== null && (version === local || commits.includes(local))
      ? local
      : trustedVersion(store.gitdir);
  if (version === here) return null;
  const changed = (await diffCommits(store, here, version)).map(({ path, change }) => ({
    path,
    change,
  }));
  return { version, changed, versions: await versionsOf(store, commits, 'published') };
}
