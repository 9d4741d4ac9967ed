import { setTimeout as wait } from 'node:timers/promises';
import { AppError, type ErrorShape } from '../../../../src-contract/app-error.ts';
import type { Oid } from '../git/object-store.ts';
import type { Refusal } from '../git/packs/receive-pack.ts';
import { pushTip } from '../git/push-tip.ts';
import type { Transport } from '../git/transports/transport.ts';
import type { RemoteAccess } from '../remote-access.ts';
import type { Held } from '../sync-jobs.ts';
import { apply, intentFrom, type Applied } from './apply.ts';
import { arrive, integrate } from './integrate.ts';
import { localVersion, noteState, readState, trustedVersion } from './library-state.ts';
import { queueOf } from './queue.ts';
import { withRemote } from './remote.ts';
import type { Session } from './session.ts';

/** A busy team pushes between our look and our push; so often in a row is no coincidence any more. */
const MAX_TRIES = 5;
/** Longest wait before the next try, milliseconds; doubles with each. Two clients must not stay in step. */
const FIRST_WAIT_MS = 100;
/** Branch that is made where a remote has none. */
const FIRST_BRANCH = 'main';

export interface Sent {
  /** Why the queue still waits; null where nothing waits any more. */
  readonly unsent: ErrorShape | null;
  /** What came from the team on the way. */
  readonly applied: readonly Applied[];
  /** The last commit that was sent; null where none was. */
  readonly sent: Oid | null;
}

export interface PushInput {
  readonly access: RemoteAccess;
  readonly now: number;
  readonly allowDeletions: Oid | null;
}

/**
 * Sends the queue. Where the remote has moved, its version is taken first and the queue brought onto
 * it, at most five times. After an answer that was cut off the remote is looked at again: what it has
 * already is not sent twice. What can't be sent stays queued. A library without a remote takes its own
 * commits as published.
 */
export async function pushQueue(session: Session, input: PushInput): Promise<Sent> {
  const { store, context } = session;
  const { gitdir } = store;
  const { url } = readState(gitdir);
  const applied: Applied[] = [];
  if (url === null) return { unsent: null, applied, sent: await settle() };
  let failure: AppError | null = null;
  for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
    if (attempt > 0) {
      const longest = FIRST_WAIT_MS * 2 ** attempt;
      await wait(longest / 2 + Math.random() * (longest / 2), undefined, {
        signal: context.signal,
      });
    }
    try {
      return await withRemote(url, input.access, context, once);
    } catch (error) {
      context.signal.throwIfAborted();
      if (!(error instanceof AppError)) throw error;
      failure = error;
      if (!RETRIED.has(error.code)) break;
    }
  }
  return { unsent: failure?.toShape() ?? null, applied, sent: null };

  async function once(transport: Transport): Promise<Sent> {
    const arrived = await arrive(session, transport, input.now);
    const was = localVersion(gitdir);
    if (arrived) {
      const step = await integrate(session, arrived, input.allowDeletions, input.now);
      if (step.kind === 'held')
        return { unsent: heldBack(step.held).toShape(), applied, sent: null };
      if (step.kind === 'taken') applied.push(step.applied);
    }
    const trusted = trustedVersion(gitdir);
    const local = localVersion(gitdir);
    const tip = local ?? trusted;
    if (arrived?.accepted && local === null) {
      // It arrived before, or nothing was left of it: all of it waits for a person.
      const isThere = was !== null && arrived.accepted.commits.includes(was);
      return { unsent: null, applied, sent: isThere ? was : null };
    }
    if (arrived?.tip.oid === tip) return { unsent: null, applied, sent: null };
    const quarantined = readState(gitdir).quarantined[0];
    if (arrived && quarantined) throw remoteQuarantined(quarantined.reason);
    await checkOwn(tip, trusted, local);
    const branch = arrived?.tip.branch ?? FIRST_BRANCH;
    await send(transport, tip, branch);
    noteState(gitdir, { branch, checkedAt: input.now });
    return { unsent: null, applied, sent: (await settle()) ?? tip };
  }

  /** What we send must pass the same policy as what we take. */
  async function checkOwn(tip: Oid, trusted: Oid, local: Oid | null): Promise<void> {
    const commits = (await queueOf(store, trusted, local)).toReversed();
    const verdict = await context.policy({ store, tip, trusted, commits });
    if (verdict.accepted === tip) return;
    throw new AppError(
      'library/not-allowed',
      'The rules of this library do not allow this version.',
      {
        remedy: 'Ask an admin of the library, or take the change back.',
        data: { reason: verdict.quarantined[0]?.reason ?? null },
      },
    );
  }

  async function send(transport: Transport, tip: Oid, branch: string): Promise<void> {
    context.report('publishing', 0, null);
    const pushed = await asked(transport, () => pushTip(store, transport, { tip, branch }));
    switch (pushed.kind) {
      case 'taken':
        break;
      case 'raced':
        throw raced(transport.place);
      case 'refused':
        throw SOMEBODY_QUICKER.test(pushed.reason)
          ? raced(transport.place)
          : pushRefused(transport.place, pushed);
      case 'unclear':
        throw unclear(transport.place, pushed.cause);
    }
    await store.moveRef(`refs/remotes/origin/${branch}`, tip);
    context.report('publishing', 1, 1);
  }

  /** The queue is the team's version now. */
  async function settle(): Promise<Oid | null> {
    const local = localVersion(gitdir);
    if (local === null) return null;
    const intent = intentFrom(gitdir, { trusted: local, local: null, at: input.now });
    await apply(store, session.dirs, intent, context.report);
    return local;
  }
}

/** Somebody was quicker, or nobody knows whether it arrived: worth another look. */
const RETRIED: ReadonlySet<string> = new Set([
  'library/push-raced',
  'library/connection-cut',
  'library/push-unclear',
  'library/remote-unavailable',
]);

/** What servers say where the branch moved while they looked; all else is a rule, a hook or a fault of theirs. */
const SOMEBODY_QUICKER =
  /fast-forward|fetch first|stale info|failed to update ref|(?:cannot|failed to|unable to) lock|incorrect old value|reference already exists|but expected/i;

/** What isomorphic-git says about an answer that isn't git's, in words: nothing was sent yet. */
async function asked<T>(transport: Transport, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (!NOT_GIT.has(name)) throw error;
    throw unclear(transport.place, error);
  }
}

const NOT_GIT: ReadonlySet<string> = new Set([
  'ParseError',
  'HttpError',
  'SmartHttpError',
  'EmptyServerResponseError',
]);

function unclear(place: string, cause: unknown): AppError {
  return new AppError('library/push-unclear', `${place} gave no clear answer.`, {
    remedy: 'Try again: what arrived is not sent twice.',
    action: 'retry',
    cause,
  });
}

function raced(place: string): AppError {
  return new AppError('library/push-raced', `Others publish to ${place} at the same time.`, {
    remedy: 'Try again in a moment. Your version waits here.',
    action: 'retry',
  });
}

function pushRefused(place: string, { reason, said }: Refusal): AppError {
  const why = said === '' ? reason : `${reason} (${said})`;
  return new AppError('library/push-refused', `${place} refused the new version: ${why}.`, {
    remedy: 'Ask who runs the repository: the branch may be protected. Your version waits here.',
    data: { reason },
  });
}

function remoteQuarantined(reason: string): AppError {
  return new AppError('library/quarantined', 'The newest version of the remote is not accepted.', {
    remedy: 'Ask an admin of the library. Your version waits here.',
    data: { reason },
  });
}

function heldBack({ deletions }: Held): AppError {
  return new AppError('library/held', `The team's newer version deletes ${deletions} files.`, {
    remedy: 'Look at what it deletes and say whether to take it. Your version waits here.',
    action: 'open-library',
    data: { deletions },
  });
}
