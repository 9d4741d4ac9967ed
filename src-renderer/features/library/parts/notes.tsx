import type { ReactNode } from 'react';
import type { LibraryStatus } from '../../../../src-contract/library.ts';
import { RemoteError } from '../../../remote/remote-error.tsx';
import { dismissOutcome, updateLibrary, useActivity } from '../activity-state.ts';
import { openDialog } from '../dialogs-state.ts';
import { ActivityProgress } from './activity-progress.tsx';
import { OutcomeNote } from './outcome-note.tsx';
import { StateNote } from './state-note.tsx';

/**
 * What the library does, what came of it, what it waits for: one thing at a time. `quietAbout` leaves
 * out what the view below already shows; `brief` leaves lists to the view of the library as a whole.
 */
export function Notes({
  status,
  quietAbout = null,
  brief = false,
}: {
  readonly status: LibraryStatus;
  readonly quietAbout?: 'conflict' | null;
  readonly brief?: boolean;
}): ReactNode {
  const { running, outcome, failed: last } = useActivity();
  const { state } = status;
  // That the remote is away is said by the state, which ends by itself when it is back.
  const failed = state.kind === 'offline' && state.error.code === last?.error.code ? null : last;
  return (
    <div className="library-notes">
      <ActivityProgress state={state} />
      {failed ? (
        <RemoteError
          error={failed.error}
          url={status.url}
          onRetry={failed.retry}
          on={{ 'allow-deletions': () => openDialog({ kind: 'deletions' }) }}
          onDismiss={dismissOutcome}
        />
      ) : outcome && !running ? (
        <OutcomeNote outcome={outcome} status={status} brief={brief} />
      ) : (
        (running === null || state.kind === 'held') &&
        state.kind !== quietAbout && <StateNote status={status} onRetry={() => updateLibrary()} />
      )}
    </div>
  );
}
