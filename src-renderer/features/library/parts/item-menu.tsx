import type { ReactNode } from 'react';
import type { ItemDetail } from '../../../../src-contract/library.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Menu, MenuItem, MenuLine } from '../../../ui/menu.tsx';
import { openDialog } from '../dialogs-state.ts';
import { removeItem } from '../remove-item.ts';

/** What can be done with an item as a whole. */
export function ItemMenu({ item }: { readonly item: ItemDetail }): ReactNode {
  const { state } = item;
  if (state === 'quarantined') return null;
  return (
    <Menu trigger={<IconButton icon="more" name="More" />}>
      {state !== 'deleted' && (
        <MenuItem icon="edit" onSelect={() => openDialog({ kind: 'rename', item })}>
          Move or rename
        </MenuItem>
      )}
      {(state === 'edited' || state === 'deleted') && (
        <MenuItem icon="undo" onSelect={() => openDialog({ kind: 'discard', item })}>
          {state === 'deleted' ? 'Put it back' : 'Discard edits'}
        </MenuItem>
      )}
      {state !== 'deleted' && (
        <>
          <MenuLine />
          <MenuItem icon="remove" danger onSelect={() => void removeItem(item)}>
            Delete
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
