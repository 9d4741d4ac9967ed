import type { ReactNode } from 'react';
import type { Item } from '../../../../src-contract/library.ts';
import { call } from '../../../bridge.ts';
import { hrefFor, navigate } from '../../../route.ts';
import { ConfirmDialog } from '../../../ui/dialog.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { setDraft } from '../kept-state.ts';
import { readItem, readLibrary, useLibrary } from '../library-state.ts';
import { useDoing } from './use-doing.ts';

/** Asks by name before edits are taken back; they go to the trash. */
export function DiscardDialog({
  item,
  onClose,
}: {
  readonly item: Item;
  readonly onClose: () => void;
}): ReactNode {
  const { busy, error, run } = useDoing();
  const deleted = item.state === 'deleted';
  return (
    <ConfirmDialog
      title={deleted ? `Put “${item.name}” back?` : `Discard your edits of “${item.name}”?`}
      description={
        deleted
          ? 'The item is again as the team has it.'
          : item.state === 'added'
            ? 'You made it here and the team does not have it: it goes to the trash as a whole.'
            : 'The item is again as the team has it. Your text goes to the trash, where it can be put back.'
      }
      keep={deleted ? 'Leave it deleted' : 'Keep my edits'}
      confirm={deleted ? `Put “${item.name}” back` : `Discard edits of “${item.name}”`}
      busy={busy}
      onClose={onClose}
      onConfirm={() =>
        run(async () => {
          await call('library.discard', { path: item.path });
          setDraft(item.path, null);
          await readLibrary();
          onClose();
          const there = useLibrary.getState().items.some(({ path }) => path === item.path);
          navigate(hrefFor('library', there ? item.path : ''), { replace: true });
          await readItem(there ? item.path : '');
        })
      }
    >
      {error && <ErrorBanner error={error} stacked />}
    </ConfirmDialog>
  );
}
