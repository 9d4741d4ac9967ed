import { useEffect, useEffectEvent } from 'react';

/** The order in which F6 goes round. A region is an element with `data-region`. */
const REGIONS = ['rail', 'list', 'content', 'composer'] as const;
const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), select:not(:disabled), [tabindex]';

/** The keys that work everywhere: Ctrl/Cmd+K opens the palette, F6 goes round the regions. */
export function useWindowKeys({ onPalette }: { readonly onPalette: () => void }): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (
      (event.ctrlKey || event.metaKey) &&
      !event.shiftKey &&
      !event.altKey &&
      event.key.toLowerCase() === 'k'
    ) {
      event.preventDefault();
      onPalette();
    } else if (event.key === 'F6' && !document.querySelector('[role="dialog"]')) {
      event.preventDefault();
      focusNextRegion(event.shiftKey ? -1 : 1);
    }
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}

function focusNextRegion(step: 1 | -1): void {
  const regions = REGIONS.flatMap((name) => {
    const region = document.querySelector<HTMLElement>(`[data-region="${name}"]`);
    return region?.checkVisibility() ? [region] : [];
  });
  const active = document.activeElement;
  // The composer stands inside the content: the innermost region is where the focus is.
  const at = regions.findLastIndex((region) => region.contains(active));
  const next = regions.at((at + step + regions.length) % regions.length);
  if (!next) return;
  const inside = [...next.querySelectorAll<HTMLElement>(FOCUSABLE)].find(
    (element) =>
      element.tabIndex >= 0 &&
      element.checkVisibility() &&
      element.closest('[data-region]') === next,
  );
  (inside ?? next).focus();
}
