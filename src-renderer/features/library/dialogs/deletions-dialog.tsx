import { useEffect, type ReactNode } from 'react';
import type { LibraryStatus } from '../../../../src-contract/library.ts';
import { ConfirmDialog } from '../../../ui/dialog.tsx';
import { count, counted } from '../../../ui/format.ts';
import { updateLibrary, useActivity } from '../activity-state.ts';
import { openDialog } from '../dialogs-state.ts';

/** Asks about a change that deletes much, by its numbers. */
export function DeletionsDialog({
  status: { state },
  onClose,
}: {
  readonly status: LibraryStatus;
  readonly onClose: () => void;
}): ReactNode {
  const allow = useActivity((activity) => activity.allow);
  const held = state.kind === 'held' ? state : null;
  // What was held is over by now, done or given up elsewhere.
  useEffect(() => {
    if (!held) onClose();
  }, [held, onClose]);
  if (!held) return null;
  const files = counted(held.deletions, 'file');
  const many = `${count(held.deletions)} of ${counted(held.files, 'file')}`;
  const isUpdate = held.direction === 'update';

  function confirm(): void {
    onClose();
    if (isUpdate && held) updateLibrary(held.version);
    else if (allow) allow();
    // Asked for in another window, or before a restart: its message has to be given again.
    else openDialog({ kind: 'publish' });
  }

  return (
    <ConfirmDialog
      title={
        isUpdate
          ? `Take the update and delete ${many} here?`
          : `Send it and delete ${many} for everyone?`
      }
      description={
        isUpdate
          ? 'Somebody of the team deleted them, perhaps by mistake: ask if you are not sure. What is deleted here goes to the trash.'
          : 'The team’s copies are deleted with their next update. Every file stays in the history.'
      }
      keep={isUpdate ? 'Keep my files' : 'Send nothing'}
      confirm={`Delete ${files}`}
      onConfirm={confirm}
      onClose={onClose}
    />
  );
}
