import type { Item } from '../../../src-contract/library.ts';
import { asAppError, call } from '../../bridge.ts';
import { hrefFor, navigate } from '../../route.ts';
import { showUndo } from '../../ui/toast.tsx';
import { readItem, readLibrary, useLibrary } from './library-state.ts';

/** Moves an item to the trash; it can be taken back at once, and later from the trash. */
export async function removeItem(item: Item): Promise<void> {
  try {
    const { trashed } = await call('library.remove', { path: item.path });
    navigate(hrefFor('library'), { replace: true });
    await readLibrary();
    showUndo(`“${item.name}” is in the trash`, () => void restore(trashed, item.path));
  } catch (failure) {
    useLibrary.setState({ error: asAppError(failure).toShape() });
  }
}

async function restore(trashed: readonly { readonly id: string }[], path: string): Promise<void> {
  try {
    for (const { id } of trashed) await call('library.restore', { id });
    await readLibrary();
    navigate(hrefFor('library', path), { replace: true });
    await readItem(path);
  } catch (failure) {
    useLibrary.setState({ error: asAppError(failure).toShape() });
  }
}
