import { useEffect } from 'react';
import { readHealth, useHealth } from '../health-state.ts';
import type { ScreenName } from '../route.ts';
import { useReading } from '../watch.ts';

/** Between two looks at the checks while the window is seen, in milliseconds: the engine's own rhythm is 30 s. */
const LOOK_EVERY_MS = 60_000;

/** How many things need the person, per screen. */
export function useAttention(): Partial<Readonly<Record<ScreenName, number>>> {
  useReading(() => void readHealth(), 'health');
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void readHealth();
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const report = useHealth((state) => state.report);
  return { health: report ? report.checks.filter((check) => check.state !== 'ok').length : 0 };
}
