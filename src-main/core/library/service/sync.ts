import type { LibraryStatus, UpdateSummary } from '../../../../src-contract/library.ts';
import { parseRemote } from '../remote-url.ts';
import type { LibraryCore } from './core.ts';
import { statusOf } from './state.ts';
import type { RunOptions } from './work.ts';

export type LibrarySource =
  { readonly kind: 'starter' } | { readonly kind: 'remote'; readonly url: string };

export interface LibraryResult {
  readonly status: LibraryStatus;
  readonly summary: UpdateSummary | null;
}

export interface UpdateResult {
  readonly status: LibraryStatus;
  readonly summary: UpdateSummary;
}

export interface CheckOptions extends RunOptions {
  /** Asks only when the last answer is old, nothing runs and settings let Carrel ask by itself. */
  readonly ifStale?: boolean;
}

export interface UpdateOptions extends RunOptions {
  /** The version of a `held` state that may delete. */
  readonly allowDeletions?: string;
}

/** With `ifStale`: an answer of this age is not asked for again. Windows come to the front all the time. */
const STALE_AFTER_MS = 60_000;

/** See `library.connect`. After an error there is no library. */
export async function connect(
  core: LibraryCore,
  source: LibrarySource,
  options: RunOptions,
): Promise<LibraryResult> {
  const { deps, work, door } = core;
  const { dirs, starterDir, sync, clock } = deps;
  await work.neededNone();
  if (source.kind === 'starter') {
    await work.run({
      phase: 'writing',
      asksRemote: false,
      options,
      work: (run) => sync.run('starter', { dirs, starterDir }, run),
    });
    return { status: currentStatus(core), summary: null };
  }
  const remote = parseRemote(source.url);
  await work.run({
    phase: 'checking',
    asksRemote: true,
    options,
    work: async (run) => {
      const access = await door.of(remote);
      await sync.run('clone', { dirs, url: remote.url, access, now: clock.now() }, run);
      // Only what let us in is worth keeping.
      await door.keepGiven(remote);
    },
  });
  return { status: currentStatus(core), summary: null };
}

/** See `library.setRemote`. */
export async function setRemote(core: LibraryCore, url: string): Promise<LibraryStatus> {
  const { deps, work, door } = core;
  await work.needed();
  const remote = parseRemote(url);
  await work.run({
    phase: 'writing',
    asksRemote: false,
    options: {},
    work: (run) => deps.sync.run('setRemote', { dirs: deps.dirs, url: remote.url }, run),
  });
  await door.keepGiven(remote);
  work.forgetTrouble();
  return currentStatus(core);
}

/** See `library.check`. */
export async function check(core: LibraryCore, options: CheckOptions): Promise<LibraryResult> {
  const { deps, work, door } = core;
  if (options.ifStale && !(await isStale(core))) {
    return { status: currentStatus(core), summary: null };
  }
  const { url } = await work.needed();
  await work.run({
    phase: 'checking',
    asksRemote: true,
    options,
    work: async (run) => {
      const input = { dirs: deps.dirs, access: await door.ofUrl(url), now: deps.clock.now() };
      return deps.sync.run('check', input, run);
    },
  });
  return { status: currentStatus(core), summary: null };
}

/** See `library.update`. After an error the library is as it was. */
export async function update(core: LibraryCore, options: UpdateOptions): Promise<UpdateResult> {
  const { deps, work, door } = core;
  const { url } = await work.needed();
  const { summary } = await work.run({
    phase: 'checking',
    asksRemote: true,
    options,
    work: async (run) => {
      const input = {
        dirs: deps.dirs,
        access: await door.ofUrl(url),
        now: deps.clock.now(),
        allowDeletions: options.allowDeletions ?? null,
      };
      return deps.sync.run('update', input, run);
    },
    unsent: ({ unsent }) => unsent,
  });
  return { status: currentStatus(core), summary };
}

/** Without a look at the disk: right after work, or while it runs. */
export function currentStatus({ deps, work }: LibraryCore): LibraryStatus {
  return statusOf(work.state, work.overview, deps.nextCheckAt());
}

async function isStale({ deps, work }: LibraryCore): Promise<boolean> {
  await work.start();
  if (work.isBusy || !work.overview?.url) return false;
  if (deps.settings()['library.checkMinutes'] === 0) return false;
  const last = work.attempt?.at ?? 0;
  return Math.abs(deps.clock.now() - last) > STALE_AFTER_MS;
}
