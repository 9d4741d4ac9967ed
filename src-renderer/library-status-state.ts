import { create } from 'zustand';
import type { LibraryStatus } from '../src-contract/library.ts';
import { call } from './bridge.ts';

/** The library as the title bar says it. Null until it was read once; a failed reading keeps what was known. */
export const useLibraryStatus = create<{ readonly status: LibraryStatus | null }>(() => ({
  status: null,
}));

export async function readLibraryStatus(): Promise<void> {
  useLibraryStatus.setState({ status: await call('library.status', {}) });
}
