import { useEffect, type ReactNode } from 'react';
import type { Change, LibraryState, LibraryStatus } from '../../../../src-contract/library.ts';
import { call } from '../../../bridge.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { ConfirmDialog } from '../../../ui/dialog.tsx';
import { count, counted } from '../../../ui/format.ts';
import { updateLibrary, useActivity } from '../activity-state.ts';
import { openDialog } from '../dialogs-state.ts';
import { useAsked } from '../use-asked.ts';

/** Paths that are listed: enough to see what it is about. */
const MOST_PATHS = 200;

interface DeletionsDialogProps {
  readonly status: LibraryStatus;
  readonly onClose: () => void;
}

type Held = Extract<LibraryState, { kind: 'held' }>;

/** Asks about a change that deletes much, by its numbers and names. */
export function DeletionsDialog({ status, onClose }: DeletionsDialogProps): ReactNode {
  const held = status.state.kind === 'held' ? status.state : null;
  // What was held is over by now, done or given up elsewhere.
  useEffect(() => {
    if (!held) onClose();
  }, [held, onClose]);
  return held && <Deletions held={held} status={status} onClose={onClose} />;
}

function Deletions({
  held,
  status,
  onClose,
}: DeletionsDialogProps & { readonly held: Held }): ReactNode {
  const allow = useActivity((activity) => activity.allow);
  const files = counted(held.deletions, 'file');
  const many = `${count(held.deletions)} of ${counted(held.files, 'file')}`;
  const isUpdate = held.direction === 'update';

  function confirm(): void {
    onClose();
    if (isUpdate) updateLibrary(held.version);
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
    >
      {isUpdate ? (
        <Names changes={status.available?.changed ?? []} />
      ) : (
        // Deletions that were rolled back to are in no file here: then there is nothing to list.
        <OwnNames />
      )}
    </ConfirmDialog>
  );
}

function OwnNames(): ReactNode {
  const { value } = useAsked('', () => call('library.preview', {}));
  return <Names changes={value?.changes ?? []} />;
}

function Names({ changes }: { readonly changes: readonly Change[] }): ReactNode {
  const paths = changes.filter(({ change }) => change === 'deleted').map(({ path }) => path);
  if (paths.length === 0) return null;
  return (
    // It scrolls, so it can be focused.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <ul className="deletions" aria-label="What would be deleted" tabIndex={0}>
      {paths.slice(0, MOST_PATHS).map((path) => (
        <li key={path}>
          <VisibleText text={path} />
        </li>
      ))}
      {paths.length > MOST_PATHS && <li>{`and ${count(paths.length - MOST_PATHS)} more`}</li>}
    </ul>
  );
}
