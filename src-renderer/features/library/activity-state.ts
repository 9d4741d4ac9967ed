import { create } from 'zustand';
import type { ErrorShape } from '../../../src-contract/app-error.ts';
import type {
  LibraryEvent,
  PublishEvent,
  PublishSummary,
  UpdateSummary,
} from '../../../src-contract/library.ts';
import { asAppError, stream, type Streaming } from '../../bridge.ts';
import { announce } from '../../ui/live-region.tsx';
import { readLibrary, useLibrary } from './library-state.ts';

export type Progress = Extract<LibraryEvent, { type: 'progress' }>;
export type Work = 'connect' | 'check' | 'update' | 'publish' | 'rollback';

/** What came of the last work. `from` is the version before it. */
export type Outcome =
  | { readonly kind: 'update'; readonly summary: UpdateSummary; readonly from: string | null }
  | { readonly kind: 'checked' }
  | {
      readonly kind: 'publish' | 'rollback';
      readonly summary: PublishSummary;
      readonly from: string | null;
      /** Paths that were in conflict before: no news. */
      readonly waiting: readonly string[];
    };

/** Work that this window asked the library for. Kept when another screen is shown. */
interface Activity {
  readonly running: { readonly work: Work; readonly progress: Progress | null } | null;
  /** Until dismissed. */
  readonly outcome: Outcome | null;
  readonly failed: { readonly error: ErrorShape; readonly retry: () => void } | null;
  /** Does what was held once more, with a yes to what it deletes. */
  readonly allow: (() => void) | null;
  readonly cancel: () => void;
}

const NOTHING = { running: null, outcome: null, failed: null, allow: null } as const;

export const useActivity = create<Activity>(() => ({ ...NOTHING, cancel: () => undefined }));

export function dismissOutcome(): void {
  useActivity.setState({ outcome: null, failed: null });
}

export function openStarterLibrary(): void {
  follow<LibraryEvent>('connect', (onEvent) =>
    stream('library.connect', { source: { kind: 'starter' } }, onEvent),
  );
}

/** Clones from https, ssh, file, or a path. */
export function cloneLibrary(url: string): void {
  follow<LibraryEvent>('connect', (onEvent) =>
    stream('library.connect', { source: { kind: 'remote', url } }, onEvent),
  );
}

/** Asks the remote and takes nothing. */
export function checkLibrary(): void {
  follow<LibraryEvent>(
    'check',
    (onEvent) => stream('library.check', {}, onEvent),
    ({ status }) => {
      if (!status.available) useActivity.setState({ outcome: { kind: 'checked' } });
    },
  );
}

/** `allowDeletions`: the held version that may delete. */
export function updateLibrary(allowDeletions?: string): void {
  const from = useLibrary.getState().status?.version ?? null;
  follow<LibraryEvent>(
    'update',
    (onEvent) =>
      stream('library.update', allowDeletions === undefined ? {} : { allowDeletions }, onEvent),
    ({ summary, status }) => {
      if (!summary) return;
      const { state } = status;
      if (summary.state === 'held') {
        useActivity.setState({
          allow: state.kind === 'held' ? () => updateLibrary(state.version) : null,
        });
      } else useActivity.setState({ outcome: { kind: 'update', summary, from } });
    },
  );
}

export interface Publication {
  readonly message: string;
  /** Null for all that changed. */
  readonly paths: readonly string[] | null;
}

export function publishLibrary(what: Publication, allowDeletions = false): void {
  const { message, paths } = what;
  send(
    'publish',
    () => publishLibrary(what, true),
    (onEvent) =>
      stream(
        'library.publish',
        { message, allowDeletions, ...(paths === null ? {} : { paths: [...paths] }) },
        onEvent,
      ),
  );
}

/** Without a path the whole library. */
export function rollBack(version: string, path: string | null, allowDeletions = false): void {
  send(
    'rollback',
    () => rollBack(version, path, true),
    (onEvent) =>
      stream(
        'library.rollback',
        { version, allowDeletions, ...(path === null ? {} : { path }) },
        onEvent,
      ),
  );
}

function send(
  kind: 'publish' | 'rollback',
  allow: () => void,
  open: (onEvent: (event: PublishEvent) => void) => Streaming,
): void {
  const { status, items } = useLibrary.getState();
  const from = status?.version ?? null;
  const waiting = items.filter(({ state }) => state === 'conflict').map(({ path }) => path);
  follow<PublishEvent>(kind, open, ({ summary }) => {
    if (summary.state === 'held') useActivity.setState({ allow });
    else useActivity.setState({ outcome: { kind, summary, from, waiting } });
  });
}

function follow<E extends LibraryEvent | PublishEvent>(
  work: Work,
  open: (onEvent: (event: E) => void) => Streaming,
  take: (done: Extract<E, { type: 'done' }>) => void = () => undefined,
): void {
  if (useActivity.getState().running) return;
  let cancelled = false;
  useActivity.setState({ ...NOTHING, running: { work, progress: null } });
  const streaming = open((event) => {
    if (event.type === 'progress') useActivity.setState({ running: { work, progress: event } });
    else take(event as Extract<E, { type: 'done' }>);
  });
  useActivity.setState({
    cancel: () => {
      cancelled = true;
      streaming.cancel();
    },
  });
  void streaming.done
    .catch((error: unknown) => {
      if (cancelled) announce('Cancelled. Nothing was changed.');
      else
        useActivity.setState({
          failed: {
            error: asAppError(error).toShape(),
            retry: () => follow(work, open, take),
          },
        });
    })
    .then(() => readLibrary())
    .finally(() => useActivity.setState({ running: null }));
}
