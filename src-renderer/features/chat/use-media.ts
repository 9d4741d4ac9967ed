import { useSyncExternalStore } from 'react';

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (cb) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', cb);
      return () => media.removeEventListener('change', cb);
    },
    () => window.matchMedia(query).matches,
  );
}
