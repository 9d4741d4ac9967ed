import type { ReactNode } from 'react';
import type { LibraryStatus } from '../../../../src-contract/library.ts';
import { closeDialog, useDialog } from '../dialogs-state.ts';
import { CreateDialog } from './create-dialog.tsx';
import { DeletionsDialog } from './deletions-dialog.tsx';
import { DiscardDialog } from './discard-dialog.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { RollbackDialog } from './rollback-dialog.tsx';

/** The one dialog of the library screen that is open. */
export function LibraryDialogs({ status }: { readonly status: LibraryStatus }): ReactNode {
  const open = useDialog((state) => state.open);
  switch (open?.kind) {
    case undefined:
      return null;
    case 'create':
      return <CreateDialog onClose={closeDialog} />;
    case 'publish':
      return <PublishDialog status={status} onClose={closeDialog} />;
    case 'deletions':
      return <DeletionsDialog status={status} onClose={closeDialog} />;
    case 'rename':
      return <RenameDialog item={open.item} onClose={closeDialog} />;
    case 'discard':
      return <DiscardDialog item={open.item} onClose={closeDialog} />;
    case 'rollback':
      return (
        <RollbackDialog
          version={open.version}
          path={open.path}
          status={status}
          onClose={closeDialog}
        />
      );
  }
}
