import { create } from 'zustand';
import type { ErrorShape } from '../../../src-contract/app-error.ts';
import type { Item, ItemDetail, LibraryStatus, Version } from '../../../src-contract/library.ts';
import { asAppError, call } from '../../bridge.ts';

/** Versions at the foot of the list column; History has them all. */
const VERSIONS = 3;

export type { Version } from '../../../src-contract/library.ts';

interface LibraryScreenState {
  /** Null until first read. */
  readonly status: LibraryStatus | null;
  readonly items: readonly Item[];
  readonly versions: readonly Version[];
  readonly error: ErrorShape | null;
  readonly filter: string;
  /** Folders of the tree that are closed; everything else is open once it has been seen. */
  readonly open: ReadonlySet<string>;
  readonly detail: ItemDetail | null;
  readonly detailError: ErrorShape | null;
}

export const useLibrary = create<LibraryScreenState>(() => ({
  status: null,
  items: [],
  versions: [],
  error: null,
  filter: '',
  open: new Set(['prompt', 'agent']),
  detail: null,
  detailError: null,
}));

/** Reads state, items and versions. */
export async function readLibrary(): Promise<void> {
  try {
    const status = await call('library.status', {});
    if (status.version === null) {
      useLibrary.setState({ status, items: [], versions: [], error: null });
      return;
    }
    const [{ items }, { versions }] = await Promise.all([
      call('library.items', {}),
      call('library.log', { limit: VERSIONS }),
    ]);
    useLibrary.setState({ status, items, versions, error: null });
  } catch (error) {
    useLibrary.setState({ error: asAppError(error).toShape() });
  }
}

let wanted = '';

/** Reads one item; an older answer never replaces a newer one. */
export async function readItem(path: string): Promise<void> {
  wanted = path;
  if (path === '') {
    useLibrary.setState({ detail: null, detailError: null });
    return;
  }
  try {
    const detail = await call('library.item', { path });
    if (wanted !== path) return;
    // A link may lead to an item whose folder is closed.
    if (useLibrary.getState().detail?.path !== path) toggleFolder(detail.kind, true);
    useLibrary.setState({ detail, detailError: null });
  } catch (error) {
    if (wanted !== path) return;
    useLibrary.setState({ detail: null, detailError: asAppError(error).toShape() });
  }
}

export function toggleFolder(id: string, open: boolean): void {
  useLibrary.setState((state) => {
    const next = new Set(state.open);
    if (open) next.add(id);
    else next.delete(id);
    return { open: next };
  });
}
