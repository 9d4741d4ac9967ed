import type { ReactNode } from 'react';
import type { LibraryStatus } from '../../../../src-contract/library.ts';
import { RemoteError } from '../../../remote/remote-error.tsx';
import { dismissOutcome, updateLibrary, useActivity } from '../activity-state.ts';
import { openDialog } from '../dialogs-state.ts';
import { ActivityProgress } from './activity-progress.tsx';
import { OutcomeNote } from './outcome-note.tsx';
import { StateNote } from './state-note.tsx';

/** States that hold up nobody, and that the title bar and the rail say too. */
const CAN_WAIT: ReadonlySet<LibraryStatus['state']['kind']> = new Set([
  'conflict',
  'offline',
  'idle',
]);

interface NotesProps {
  readonly status: LibraryStatus;
  /** What the view below shows already. */
  readonly quietAbout?: 'conflict' | null;
  /** Beside an item: lists, and what can wait, belong to the view of the library as a whole. */
  readonly brief?: boolean;
}

/** What the library does, what came of it, what it waits for: one thing at a time. */
export function Notes({ status, quietAbout = null, brief = false }: NotesProps): ReactNode {
  const { running, outcome, failed } = useActivity();
  const { state } = status;
  // That the remote is away is said by the state, which ends by itself when it is back.
  const isAway = state.kind === 'offline' && state.error.code === failed?.error.code;
  const waits = state.kind === quietAbout || (brief && !isAway && CAN_WAIT.has(state.kind));
  const shown = failed && !isAway ? 'failure' : outcome && !running ? 'outcome' : 'state';
  return (
    <div className="library-notes">
      <ActivityProgress state={state} />
      {shown === 'failure' && failed && (
        <RemoteError
          error={failed.error}
          url={status.url}
          onRetry={failed.retry}
          on={{ 'allow-deletions': () => openDialog({ kind: 'deletions' }) }}
          onDismiss={dismissOutcome}
        />
      )}
      {shown === 'outcome' && outcome && (
        <OutcomeNote outcome={outcome} status={status} brief={brief} />
      )}
      {shown === 'state' && !waits && (running === null || state.kind === 'held') && (
        <StateNote status={status} onRetry={() => updateLibrary()} />
      )}
    </div>
  );
}
