import { AppError, type ErrorShape } from '../../../../src-contract/app-error.ts';
import type { LibraryState, LibraryStatus } from '../../../../src-contract/library.ts';
import type { Overview } from '../sync-jobs.ts';

/** The remote did not answer, or not to its end. What it answered, be it a refusal, is no matter of the network. */
const UNREACHED: ReadonlySet<string> = new Set([
  'library/offline',
  'library/connection-cut',
  'library/timed-out',
]);

/** What is wrong with what was asked for, not with the library or its remote; or who else works on it. */
const ABOUT_THE_REQUEST: ReadonlySet<string> = new Set([
  'worker/cancelled',
  'library/bad-path',
  'library/locked',
  'library/unknown-item',
  'library/unknown-version',
  'library/not-in-conflict',
  'library/in-conflict',
]);

/** How a library at rest is: trouble before what waits for a person, that before idle. */
export function restingState(overview: Overview | null, trouble: ErrorShape | null): LibraryState {
  if (trouble) {
    const kind = isUnreached(trouble, overview?.url ?? null) ? 'offline' : 'failed';
    return { kind, error: mutable(trouble) };
  }
  if (!overview) return { kind: 'none' };
  if (overview.held) return { kind: 'held', ...overview.held };
  if (overview.conflicts > 0) return { kind: 'conflict', items: overview.conflicts };
  if (overview.quarantined.length > 0) {
    return { kind: 'quarantined', versions: [...overview.quarantined] };
  }
  return { kind: 'idle' };
}

export function statusOf(
  state: LibraryState,
  known: Overview | null,
  nextCheckAt: number | null,
): LibraryStatus {
  return {
    state,
    name: known?.name ?? '',
    url: known?.url ?? null,
    version: known?.version ?? null,
    items: known?.items ?? 0,
    edited: known?.edited ?? 0,
    conflicts: known?.conflicts ?? 0,
    queued: known?.queued ?? 0,
    quarantined: known?.refused.length ?? 0,
    available: known?.available ?? null,
    trust: 'unverified',
    checkedAt: known?.checkedAt ?? null,
    nextCheckAt: known?.url ? nextCheckAt : null,
  };
}

/** A remote by its path that was there once: a share or a drive that is away now. */
export function isUnreached({ code }: ErrorShape, url: string | null): boolean {
  const isPath = url !== null && !/^(?:https?|ssh):/.test(url);
  return UNREACHED.has(code) || (isPath && code === 'library/remote-not-found');
}

export function isAboutTheRequest(error: unknown): boolean {
  return error instanceof AppError && ABOUT_THE_REQUEST.has(error.code);
}

/** What may be told of an error; one that nobody expected is in the log. */
export function shapeOf(error: unknown): ErrorShape {
  if (error instanceof AppError) return error.toShape();
  return {
    code: 'internal',
    message: 'The library ran into an error that Carrel did not expect.',
    remedy: 'Try again. If it stays, the logs (Health) tell more.',
    action: 'open-health',
  };
}

function mutable({ data, ...shape }: ErrorShape) {
  return { ...shape, ...(data && { data: { ...data } }) };
}
