import { useEffect } from 'react';
import { readHealth, useHealth } from '../health-state.ts';
import { useLibraryStatus } from '../library-status-state.ts';
import { canWait, needsYou } from '../library-words.ts';
import type { ScreenName } from '../route.ts';
import { useReading } from '../watch.ts';

/** Between two looks at the checks while the window is seen, in milliseconds: the engine's own rhythm is 30 s. */
const LOOK_EVERY_MS = 60_000;

export interface Attention {
  /** Things that need the person. */
  readonly count: number;
  /** What waits without hurry, in words: a dot. */
  readonly quiet: string | null;
}

/** What waits for the person, per screen. */
export function useAttention(): Partial<Readonly<Record<ScreenName, Attention>>> {
  useReading(() => void readHealth(), 'health');
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void readHealth();
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const report = useHealth((state) => state.report);
  const status = useLibraryStatus((state) => state.status);
  return {
    health: {
      count: report ? report.checks.filter((check) => check.state !== 'ok').length : 0,
      quiet: null,
    },
    ...(status ? { library: { count: needsYou(status), quiet: canWait(status) } } : {}),
  };
}
