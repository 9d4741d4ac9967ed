import type { Change, PublishSummary } from '../../../../src-contract/library.ts';
import { readRecord } from '../files/record.ts';
import { diffCommits, diffTrees, type TreeChange } from '../git/diff-trees.ts';
import type { Oid } from '../git/object-store.ts';
import { signatureOf, writeCommit } from '../git/write-commit.ts';
import { braked } from '../local/brake.ts';
import type { RemoteAccess } from '../remote-access.ts';
import type { Author, Held } from '../sync-jobs.ts';
import { apply, intentFrom, summaryOf, type Applied } from './apply.ts';
import { localVersion, noteState, readState, trustedVersion } from './library-state.ts';
import { pushQueue } from './push.ts';
import type { Session } from './session.ts';

export interface CommitRequest {
  readonly access: RemoteAccess;
  readonly now: number;
  readonly author: Author;
  readonly allowDeletions: boolean;
  readonly message: string;
  /** Of the new version; made on top of what is here. */
  readonly tree: Oid;
  /** Paths of the working folder that are as in the new version: their edits start from there. */
  readonly bases: readonly { readonly path: string; readonly oid: Oid | null }[];
}

/**
 * Makes one version on top of what is here and sends it with what waits already; what can't be sent
 * stays queued. Nothing new and nothing waiting: `nothing`. Deletes much: `held`, and nothing happens.
 */
export async function commitAndSend(
  session: Session,
  request: CommitRequest,
): Promise<PublishSummary> {
  const { store, dirs, context } = session;
  const { gitdir } = store;
  const { now, tree } = request;
  const before = hereNow(gitdir);
  const parentTree = (await store.commit(before)).tree;
  const changes = await diffTrees(store, parentTree, tree);
  const applied: Applied[] = [...session.recovered];
  const files = readRecord(gitdir)?.files.size ?? 0;
  const brake = request.allowDeletions ? null : braked(changes, files);
  if (brake) {
    const held: Held = { direction: 'publish', version: before, deletions: brake.deletions, files };
    noteState(gitdir, { held });
    return result('held', [], null);
  }
  if (readState(gitdir).held?.direction === 'publish') noteState(gitdir, { held: null });
  let made: Oid | null = null;
  if (tree !== parentTree) {
    const by = signatureOf(request.author, now);
    const text = { message: request.message, author: by, committer: by };
    made = await writeCommit(store, tree, [before], text);
    const intent = intentFrom(gitdir, { local: made, bases: request.bases, at: now });
    applied.push(await apply(store, dirs, intent, context.report));
  }
  if (made === null && localVersion(gitdir) === null && !isUnsent(gitdir)) {
    return result('nothing', [], null);
  }
  const sent = await pushQueue(session, { access: request.access, now, allowDeletions: null });
  applied.push(...sent.applied);
  const state = sent.unsent ? 'queued' : sent.sent === null ? 'nothing' : 'published';
  return result(state, await whatWent(), sent.unsent);

  /** What the new version changed in the team's, as it is now. */
  async function whatWent(): Promise<readonly TreeChange[]> {
    const local = localVersion(gitdir);
    if (local !== null) return diffCommits(store, trustedVersion(gitdir), local);
    // What the team was quicker with is an edit again, or waits for a person.
    const record = readRecord(gitdir);
    return changes.filter(({ path, newOid }) => {
      const isThere = record?.files.has(path) === true;
      return record?.pending.has(path) !== true && isThere === (newOid !== null);
    });
  }

  function result(
    state: PublishSummary['state'],
    went: readonly TreeChange[],
    waitsFor: PublishSummary['waitsFor'],
  ): PublishSummary {
    const published: Change[] = went.map(({ path, change }) => ({ path, change }));
    const update = { ...summaryOf(applied, before), conflicts: conflictsOf(gitdir) };
    return { state, version: hereNow(gitdir), published, waitsFor, update };
  }
}

/** A remote that was given to this library and has never been seen yet has nothing of it. */
function isUnsent(gitdir: string): boolean {
  const { url, branch } = readState(gitdir);
  return url !== null && branch === null;
}

function conflictsOf(gitdir: string): string[] {
  return [...(readRecord(gitdir)?.pending.keys() ?? [])].toSorted();
}

function hereNow(gitdir: string): Oid {
  return localVersion(gitdir) ?? trustedVersion(gitdir);
}
