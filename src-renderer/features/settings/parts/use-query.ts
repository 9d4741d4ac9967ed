import { useState } from 'react';
import type { AppError } from '../../../../src-contract/app-error.ts';
import type { Topic } from '../../../../src-contract/app.ts';
import { asAppError } from '../../../bridge.ts';
import { useReading } from '../../../watch.ts';

export interface Query<T> {
  readonly value: T | null;
  readonly error: AppError | null;
  readonly read: () => void;
}

/** Asks now and after each change of `topics`; what was read stays while it is asked again. */
export function useQuery<T>(ask: () => Promise<T>, ...topics: readonly Topic[]): Query<T> {
  const [value, setValue] = useState<T | null>(null);
  const [error, setError] = useState<AppError | null>(null);

  function read(): void {
    ask().then(
      (answer) => {
        setValue(answer);
        setError(null);
      },
      (failure: unknown) => setError(asAppError(failure)),
    );
  }

  useReading(read, ...topics);
  return { value, error, read };
}
