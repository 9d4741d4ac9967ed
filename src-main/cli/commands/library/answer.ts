import type {
  Change,
  Conflict,
  LibraryStatus,
  PublishSummary,
} from '../../../../src-contract/library.ts';
import { AppError } from '../../../../src-contract/app-error.ts';
import { EXIT } from '../../exit-codes.ts';
import type { Session } from '../../session.ts';

/** What each command that tells how the library is says with --json. */
export interface StateAnswer {
  readonly state: string;
  readonly version: string | null;
  readonly changed: readonly Change[];
  readonly conflicts: readonly Pick<Conflict, 'path' | 'kind'>[];
  readonly quarantined: readonly { readonly version: string; readonly reason: string }[];
}

/** The answer of a command: how it ended, what it changed, and what waits for a person. */
export async function answerOf(
  engine: Session,
  status: LibraryStatus,
  ended: { readonly state: string; readonly changed: readonly Change[] },
): Promise<StateAnswer> {
  const { conflicts } =
    status.conflicts > 0 ? await engine.call('library.conflicts', {}) : { conflicts: [] };
  return {
    state: ended.state,
    version: status.version,
    changed: ended.changed,
    conflicts: conflicts.map(({ path, kind }) => ({ path, kind })),
    quarantined: status.state.kind === 'quarantined' ? status.state.versions : [],
  };
}

/** Scripts see by the exit code that a person has to decide; also where all else went well. */
export function exitOf(status: LibraryStatus, isHeld: boolean): number {
  return isHeld || status.conflicts > 0 ? EXIT.decision : EXIT.ok;
}

export function changeLines(changed: readonly Change[]): string[] {
  return changed.map(({ change, path }) => `${change.padEnd(8)} ${path}`);
}

/** What a person is told after the result, where something waits. */
export function waitingLines(answer: StateAnswer, status: LibraryStatus): string[] {
  const { state } = status;
  return [
    ...answer.conflicts.map(({ path, kind }) => `conflict ${path} (${kind})`),
    ...(answer.conflicts.length > 0
      ? ['Decide each: carrel library resolve ITEM --mine, --theirs or --file F']
      : []),
    ...(state.kind === 'held' ? heldLines(state) : []),
    ...answer.quarantined.map(({ version, reason }) => `not accepted ${short(version)}: ${reason}`),
    ...(status.queued > 0 ? [`waits to be sent: ${status.queued}`] : []),
    ...(state.kind === 'failed' || state.kind === 'offline'
      ? [`${state.error.message} ${state.error.remedy}`]
      : []),
  ];
}

function heldLines(held: Extract<LibraryStatus['state'], { kind: 'held' }>): string[] {
  const what = `deletes ${held.deletions} of ${held.files} files, so it waits for a yes:`;
  return held.direction === 'update'
    ? [`The new version ${what} carrel library update --allow-deletions`]
    : [`What changed here ${what} carrel library publish --allow-deletions`];
}

/** Why a published version waits, for a person. */
export function waitsLine({ waitsFor }: PublishSummary): string[] {
  return waitsFor ? [`It waits here: ${waitsFor.message} It goes out with the next update.`] : [];
}

export function short(version: string | null): string {
  return version?.slice(0, 10) ?? 'none';
}

/** A stream that ended without its last event: the engine was ended meanwhile. */
export function finished<T>(done: T | null): T {
  if (done !== null) return done;
  throw new AppError('library/no-result', 'The engine ended the work without a result.', {
    remedy: 'Run the command again.',
  });
}
