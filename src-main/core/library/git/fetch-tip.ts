import type { ServerRef } from 'isomorphic-git';
import { AppError } from '../../../../src-contract/app-error.ts';
import { incomplete, notGit } from '../errors.ts';
import { knownCommits } from './known-commits.ts';
import type { ObjectStore, Oid } from './object-store.ts';
import { IncomingPack } from './packs/incoming-pack.ts';
import { uploadPack } from './packs/upload-pack.ts';
import type { Transport } from './transports/transport.ts';

export interface RemoteTip {
  /** Short name of the remote's default branch. */
  readonly branch: string;
  readonly oid: Oid;
}

/** A branch's name goes into a path of the git directory; slashes and dots only where they are harmless. */
const SAFE_BRANCH =
  /^(?!.*(?:\.\.|\/\/|\/\.|\.lock(?:\/|$)))[\p{L}\p{N}_][\p{L}\p{N}_./+-]{0,199}(?<![./])$/u;

/**
 * Asks the remote where its default branch stands. `known` is the branch that is followed already:
 * it stays the one as long as the remote has it.
 *
 * Errors: `library/empty-remote`, `library/bad-branch`, those of the transport.
 */
export async function remoteTip(
  store: ObjectStore,
  transport: Transport,
  known: string | null,
): Promise<RemoteTip> {
  const info = await spoken(transport, () =>
    store.git.getRemoteInfo2({
      http: transport,
      url: transport.wireUrl,
      protocolVersion: 1,
    }),
  );
  const refs = info.protocolVersion === 1 ? (info.refs ?? []) : [];
  const branches = refs.filter(({ ref }) => ref.startsWith('refs/heads/'));
  const ref =
    branches.find((each) => each.ref === `refs/heads/${known ?? ''}`) ??
    defaultBranch(refs, branches);
  if (!ref) throw emptyRemote(transport.place);
  const branch = ref.ref.slice('refs/heads/'.length);
  if (!SAFE_BRANCH.test(branch) || !/^[0-9a-f]{40}$/.test(ref.oid)) throw badBranch();
  return { branch, oid: ref.oid };
}

/** HEAD's own branch; where the server doesn't tell it, the branch at the same commit, main before others. */
function defaultBranch(
  refs: readonly ServerRef[],
  branches: readonly ServerRef[],
): ServerRef | undefined {
  const head = refs.find(({ ref }) => ref === 'HEAD');
  const named = branches.find(({ ref }) => ref === head?.target);
  if (named || head?.target) return named;
  const usual = ['refs/heads/main', 'refs/heads/master'];
  const rank = ({ ref }: ServerRef): number => (usual.includes(ref) ? usual.indexOf(ref) : 2);
  return branches
    .filter(({ oid }) => !head || oid === head.oid)
    .toSorted((a, b) => rank(a) - rank(b))[0];
}

/**
 * Brings the objects of `tip` into the store, checked and indexed, and then names them by the
 * untrusted ref `refs/remotes/origin/<branch>`. Only what is not here is asked for; what a fetch
 * before brought whole, or this machine wrote itself, is not asked for again. An accelerator goes first.
 *
 * Errors: `library/bad-pack`, `library/too-large`, `library/remote-refused`, those of the transport.
 */
export async function fetchTip(
  store: ObjectStore,
  transport: Transport,
  tip: RemoteTip,
): Promise<void> {
  const ref = `refs/remotes/origin/${tip.branch}`;
  const haves = await knownCommits(store);
  const isHere = (await store.resolve(ref)) === tip.oid && store.has(tip.oid);
  if (isHere) return;
  const isOurs = haves.includes(tip.oid);
  if (!isOurs && (await transport.accelerator?.(store, tip, haves))) return;
  if (!isOurs) {
    const pack = new IncomingPack(store.gitdir);
    try {
      await uploadPack(transport, { want: tip.oid, haves }, (bytes) => pack.write(bytes));
      await pack.finish();
    } finally {
      pack.discard();
    }
    store.forget();
    if (!store.has(tip.oid)) throw incomplete(tip.oid);
  }
  await store.moveRef(ref, tip.oid);
}

/** What isomorphic-git says about an answer that isn't git's, in the library's words. */
async function spoken<T>(transport: Transport, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (['SmartHttpError', 'ParseError', 'HttpError', 'EmptyServerResponseError'].includes(name)) {
      throw notGit(transport.place, error);
    }
    throw error;
  }
}

function emptyRemote(place: string): AppError {
  return new AppError('library/empty-remote', `The repository at ${place} has no version yet.`, {
    remedy: 'Push a first version to its default branch, then try again. Nothing was changed.',
    data: { place },
  });
}

function badBranch(): AppError {
  return new AppError(
    'library/bad-branch',
    'The default branch of the remote has an unusual name.',
    {
      remedy: 'Give it a plain name such as "main".',
    },
  );
}
