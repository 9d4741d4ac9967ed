import type { ErrorShape } from '../../../src-contract/app-error.ts';
import type { Input } from '../../../src-contract/index.ts';
import { asAppError, call } from '../../bridge.ts';
import { hrefFor, navigate, parseHash } from '../../route.ts';
import { announce } from '../../ui/live-region.tsx';
import { setSolving } from './kept-state.ts';
import { readItem, readLibrary, useLibrary } from './library-state.ts';

/** Ends a conflict and shows what came of it. Returns what went wrong; the choices are kept then. */
export async function solveConflict(
  path: string,
  take: Input<'library.resolve'>['take'],
): Promise<ErrorShape | null> {
  try {
    const { conflicts } = await call('library.resolve', { path, take });
    setSolving(path, null);
    announce(conflicts === 0 ? 'Solved. Nothing is left to solve.' : 'Solved');
    await readLibrary();
    const there = useLibrary.getState().items.some((item) => item.path === path);
    // Who went on to something else meanwhile stays there.
    if (parseHash(window.location.hash).rest !== path) return null;
    navigate(there ? hrefFor('library', path) : hrefFor('library', '', { view: 'conflicts' }));
    await readItem(there ? path : '');
    return null;
  } catch (failure) {
    return asAppError(failure).toShape();
  }
}
