import { useLayoutEffect, useRef, type KeyboardEvent, type RefObject } from 'react';

export interface Roving<E extends HTMLElement> {
  readonly ref: RefObject<E | null>;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: () => void;
}

/**
 * One tab stop for a list: arrows, Home and End move among the elements that match `selector`; Tab
 * leaves the list. The stop stays on what was focused last, else on the current one, else the first.
 */
export function useRoving<E extends HTMLElement>(selector: string): Roving<E> {
  const ref = useRef<E>(null);
  const last = useRef<Element | null>(null);

  const items = () => [...(ref.current?.querySelectorAll<HTMLElement>(selector) ?? [])];

  function placeStop(): void {
    const all = items();
    const stop =
      all.find((item) => item === last.current) ??
      all.find((item) => item.matches('[aria-current], [aria-selected="true"]')) ??
      all[0];
    for (const item of all) item.tabIndex = item === stop ? 0 : -1;
  }

  // After every render: rows come and go, and React does not know of the stop.
  useLayoutEffect(placeStop);

  return {
    ref,
    onFocus() {
      const focused = document.activeElement;
      if (!focused?.matches(selector)) return;
      last.current = focused;
      placeStop();
    },
    onKeyDown(event) {
      const all = items();
      const at = all.indexOf(document.activeElement as HTMLElement);
      if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
      const to = target(event.key, at, all.length);
      if (to === null) return;
      event.preventDefault();
      all[to]?.focus();
    },
  };
}

function target(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, count - 1);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
