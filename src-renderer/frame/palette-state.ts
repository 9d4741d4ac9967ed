import { useEffect, useState } from 'react';
import type { AppError } from '../../src-contract/app-error.ts';
import { asAppError } from '../bridge.ts';
import { matching } from './palette-match.ts';
import { commands, found, KINDS, named, type Entry, type Kind } from './palette-sources.ts';

/** Wait after the last key before messages are searched, in milliseconds: a fast typist's gap. */
const SEARCH_AFTER_MS = 120;
/** Rows of one kind while nothing narrows the list: more is scrolling, not finding. */
const PER_KIND = 6;
/** Rows of a chosen kind. */
const ONE_KIND = 60;

export interface Group {
  readonly kind: Kind;
  readonly entries: readonly Entry[];
  readonly total: number;
}

export interface PaletteList {
  readonly groups: readonly Group[];
  readonly total: number;
  readonly error: AppError | null;
}

/** What the palette lists for `query`, within `only` where it is chosen. */
export function usePaletteList(query: string, only: Kind | null): PaletteList {
  const [known, setKnown] = useState<readonly Entry[]>(commands);
  const [hits, setHits] = useState<{ readonly query: string; readonly entries: readonly Entry[] }>({
    query: '',
    entries: [],
  });
  const [error, setError] = useState<AppError | null>(null);

  useEffect(() => {
    named().then(
      (entries) => setKnown([...commands(), ...entries]),
      (failure: unknown) => setError(asAppError(failure)),
    );
  }, []);

  const words = query.trim();
  useEffect(() => {
    if (words.length < 2) return undefined;
    let stale = false;
    const timer = setTimeout(() => {
      found(words).then(
        (entries) => !stale && setHits({ query: words, entries }),
        (failure: unknown) => !stale && setError(asAppError(failure)),
      );
    }, SEARCH_AFTER_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [words]);

  const byName = matching(known, words);
  // While the next words are searched, what was found for the last ones stays: the list does not jump.
  const all = words.length < 2 ? byName : [...byName, ...hits.entries];
  const groups = KINDS.filter((kind) => only === null || kind === only).flatMap((kind) => {
    const entries = all.filter((entry) => entry.kind === kind);
    const shown = entries.slice(0, only === null ? PER_KIND : ONE_KIND);
    return shown.length === 0 ? [] : [{ kind, entries: shown, total: entries.length }];
  });
  return { groups, total: groups.reduce((sum, group) => sum + group.total, 0), error };
}
