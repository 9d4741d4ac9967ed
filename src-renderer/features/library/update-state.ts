import { create } from 'zustand';
import type { ErrorShape } from '../../../src-contract/app-error.ts';
import type { LibraryEvent, UpdateSummary } from '../../../src-contract/library.ts';
import { asAppError, stream, type Streaming } from '../../bridge.ts';
import { readLibrary } from './library-state.ts';

type Phase = Extract<LibraryEvent, { type: 'progress' }>;

/** Connecting or updating: what runs, what came of it. Kept when another screen is shown. */
interface UpdateState {
  readonly running: { readonly what: 'connect' | 'update'; readonly progress: Phase | null } | null;
  /** What the last update did; until dismissed. */
  readonly summary: UpdateSummary | null;
  readonly error: ErrorShape | null;
  readonly cancel: () => void;
}

export const useUpdate = create<UpdateState>(() => ({
  running: null,
  summary: null,
  error: null,
  cancel: () => undefined,
}));

export function updateLibrary(): void {
  follow('update', (onEvent) => stream('library.update', {}, onEvent));
}

export function openStarterLibrary(): void {
  follow('connect', (onEvent) =>
    stream('library.connect', { source: { kind: 'starter' } }, onEvent),
  );
}

/** Clones from https, file, or a path. */
export function cloneLibrary(url: string): void {
  follow('connect', (onEvent) =>
    stream('library.connect', { source: { kind: 'remote', url } }, onEvent),
  );
}

function follow(
  what: 'connect' | 'update',
  open: (onEvent: (event: LibraryEvent) => void) => Streaming,
): void {
  if (useUpdate.getState().running) return;
  let cancelled = false;
  const streaming = open((event) => {
    if (event.type === 'progress') useUpdate.setState({ running: { what, progress: event } });
    else useUpdate.setState({ summary: what === 'update' ? event.summary : null });
  });
  useUpdate.setState({
    running: { what, progress: null },
    summary: null,
    error: null,
    cancel: () => {
      cancelled = true;
      streaming.cancel();
    },
  });
  void streaming.done
    .catch((error: unknown) => {
      if (!cancelled) useUpdate.setState({ error: asAppError(error).toShape() });
    })
    .then(() => {
      useUpdate.setState({ running: null });
      return readLibrary();
    });
}

/** A phase in words, for the progress row. */
export function phaseWords(progress: Phase | null): string {
  switch (progress?.phase) {
    case undefined:
    case 'checking':
      return 'Asking for changes';
    case 'fetching':
      return 'Fetching';
    case 'verifying':
      return 'Checking what came';
    case 'writing':
      return 'Writing files';
  }
}
