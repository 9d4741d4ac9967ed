import { useEffect, useState } from 'react';

/** From here on a person notices the wait: progress shows, not before (no flicker). */
const SHOW_AFTER_MS = 300;

/** True once `active` has been true for 300 ms without a break. */
export function useDelayed(active: boolean, ms = SHOW_AFTER_MS): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!active) return undefined;
    const timer = setTimeout(() => setLate(true), ms);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [active, ms]);
  return active && late;
}
