import { createContext, useContext, useLayoutEffect, useId } from 'react';
import { createStore, useStore, type StoreApi } from 'zustand';

/** The drawn chips of each source of one answer, in the order in which they came. */
type Chips = Readonly<Record<number, readonly string[]>>;

const nowhere = createStore<Chips>(() => ({}));
const Present = createContext<StoreApi<Chips>>(nowhere);

/**
 * Each source has one button that is named after it: the first chip in the text, else its note in
 * the margin. The same name twice would tell nobody which is which.
 */
export const NamedChips = Present.Provider;

export function createNamedChips(): StoreApi<Chips> {
  return createStore<Chips>(() => ({}));
}

/** Takes part for as long as the chip is drawn; true for the one that bears the name. */
export function useIsFirstChip(n: number): boolean {
  const id = useId();
  const store = useContext(Present);
  useLayoutEffect(() => {
    store.setState((chips) => ({ [n]: [...(chips[n] ?? []), id] }));
    return () =>
      store.setState((chips) => ({ [n]: (chips[n] ?? []).filter((each) => each !== id) }));
  }, [store, n, id]);
  return useStore(store, (chips) => chips[n]?.[0] === id);
}

/** Whether a chip of source `n` is drawn in the text. */
export function useIsCited(n: number): boolean {
  return useStore(useContext(Present), (chips) => (chips[n]?.length ?? 0) > 0);
}
