import type { LibraryState } from './library-state.ts';

/** Steps in which the library is at work, in the order of an update. */
export const WORK_PHASES = [
  'checking',
  'fetching',
  'verifying',
  'merging',
  'writing',
  'publishing',
] as const;
export type WorkPhase = (typeof WORK_PHASES)[number];

/** Whether something runs. */
export function isWorking(
  state: LibraryState,
): state is Extract<LibraryState, { readonly kind: WorkPhase }> {
  return WORK_PHASES.some((phase) => phase === state.kind);
}
