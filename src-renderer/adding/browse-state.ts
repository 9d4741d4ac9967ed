import { create } from 'zustand';
import type { ErrorShape } from '../../src-contract/app-error.ts';
import type { Output } from '../../src-contract/index.ts';
import { asAppError, call } from '../bridge.ts';

interface BrowseState {
  readonly at: Output<'knowledge.browse'> | null;
  readonly reading: boolean;
  readonly error: ErrorShape | null;
}

/** The folder that the path picker shows; kept, so that it opens again where one left it. */
export const useBrowse = create<BrowseState>(() => ({ at: null, reading: false, error: null }));

let turn = 0;

/** Goes to a folder; null is the home folder. A slower answer never replaces that of a later step. */
export async function browseTo(path: string | null): Promise<void> {
  const mine = ++turn;
  useBrowse.setState({ reading: true });
  try {
    const at = await call('knowledge.browse', path === null ? {} : { path });
    if (mine === turn) useBrowse.setState({ at, reading: false, error: null });
  } catch (error) {
    if (mine === turn) useBrowse.setState({ reading: false, error: asAppError(error).toShape() });
  }
}
