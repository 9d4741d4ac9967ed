import { create } from 'zustand';
import type { ErrorShape } from '../../../src-contract/app-error.ts';
import type { Output } from '../../../src-contract/index.ts';
import { asAppError, call } from '../../bridge.ts';

interface BrowseState {
  readonly at: Output<'knowledge.browse'> | null;
  readonly error: ErrorShape | null;
}

/** The folder that the path picker shows; kept, so that it opens again where one left it. */
export const useBrowse = create<BrowseState>(() => ({ at: null, error: null }));

/** Goes to a folder; null is the home folder. */
export async function browseTo(path: string | null): Promise<void> {
  try {
    useBrowse.setState({
      at: await call('knowledge.browse', path === null ? {} : { path }),
      error: null,
    });
  } catch (error) {
    useBrowse.setState({ error: asAppError(error).toShape() });
  }
}
