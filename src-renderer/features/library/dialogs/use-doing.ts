import { useState } from 'react';
import type { ErrorShape } from '../../../../src-contract/app-error.ts';
import { asAppError } from '../../../bridge.ts';

export interface Doing {
  readonly busy: boolean;
  readonly error: ErrorShape | null;
  /** Runs `work`; what it throws is shown. */
  readonly run: (work: () => Promise<void>) => void;
}

/** One attempt at a time of what a dialog is for. */
export function useDoing(): Doing {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorShape | null>(null);
  return {
    busy,
    error,
    run: (work) => {
      if (busy) return;
      setBusy(true);
      setError(null);
      work()
        .catch((failure: unknown) => setError(asAppError(failure).toShape()))
        .finally(() => setBusy(false));
    },
  };
}
