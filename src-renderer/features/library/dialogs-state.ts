import { create } from 'zustand';
import type { Item } from '../../../src-contract/library.ts';
import type { Version } from './library-state.ts';

/** What is asked over the library screen. */
export type LibraryDialog =
  | { readonly kind: 'create' }
  | { readonly kind: 'publish' }
  | { readonly kind: 'deletions' }
  | { readonly kind: 'rename'; readonly item: Item }
  | { readonly kind: 'discard'; readonly item: Item }
  | { readonly kind: 'rollback'; readonly version: Version; readonly path: string | null };

export const useDialog = create<{ readonly open: LibraryDialog | null }>(() => ({ open: null }));

export function openDialog(open: LibraryDialog): void {
  useDialog.setState({ open });
}

export function closeDialog(): void {
  useDialog.setState({ open: null });
}
