import { useCallback, useEffect, useRef, useState } from 'react';
import type { ErrorShape } from '../../../src-contract/app-error.ts';
import { asAppError } from '../../bridge.ts';
import { onTopic } from '../../watch.ts';

export interface Asked<T> {
  /** Null until it was read once; what was read for another key is never shown. */
  readonly value: T | null;
  readonly error: ErrorShape | null;
  readonly read: () => void;
}

/** Asks the library now, when `key` changes, and after each change of it; an older answer never replaces a newer one. */
export function useAsked<T>(key: string, ask: () => Promise<T>): Asked<T> {
  const [got, setGot] = useState<{
    readonly key: string;
    readonly value: T | null;
    readonly error: ErrorShape | null;
  }>({ key, value: null, error: null });
  const latest = useRef(ask);
  const turn = useRef(0);
  useEffect(() => {
    latest.current = ask;
  });

  const read = useCallback(() => {
    turn.current += 1;
    const mine = turn.current;
    latest.current().then(
      (value) => mine === turn.current && setGot({ key, value, error: null }),
      (failure: unknown) =>
        mine === turn.current && setGot({ key, value: null, error: asAppError(failure).toShape() }),
    );
  }, [key]);

  useEffect(() => {
    read();
    return onTopic('library', read);
  }, [read]);
  return got.key === key ? { ...got, read } : { value: null, error: null, read };
}
