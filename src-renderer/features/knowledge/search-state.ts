import { create } from 'zustand';
import type { ErrorShape } from '../../../src-contract/app-error.ts';
import type { Passage, SearchResult } from '../../../src-contract/knowledge.ts';
import { asAppError, call } from '../../bridge.ts';

/** Passages of one search: as many as one looks through. */
const RESULTS = 20;
/** Lines above and below a passage in the preview. */
const CONTEXT_LINES = 60;

/** What the preview shows: lines of a document around a passage. */
export interface Shown {
  readonly collection: string;
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  /** Found words, marked in the cited lines. */
  readonly words: readonly string[];
  readonly passage: Passage | null;
  readonly error: ErrorShape | null;
}

/** What is shown of a collection. */
export type Tab = 'search' | 'files' | 'sources';

interface SearchState {
  readonly tab: Tab;
  readonly query: string;
  /** Null searches all collections. */
  readonly scope: string | null;
  /** Null while nothing is searched. */
  readonly found: {
    readonly query: string;
    readonly ms: number;
    readonly files: number;
    readonly results: readonly SearchResult[];
  } | null;
  readonly searching: boolean;
  readonly error: ErrorShape | null;
  readonly shown: Shown | null;
}

export const useKnowledgeSearch = create<SearchState>(() => ({
  tab: 'search',
  query: '',
  scope: null,
  found: null,
  searching: false,
  error: null,
  shown: null,
}));

let turn = 0;

/** Searches one collection, or all; an older answer never replaces a newer one. Shows the best passage. */
export async function searchKnowledge(query: string, scope: string | null): Promise<void> {
  const words = query.trim();
  const mine = ++turn;
  if (words === '') {
    useKnowledgeSearch.setState({ found: null, error: null, searching: false, scope });
    return;
  }
  useKnowledgeSearch.setState({ searching: true, scope });
  try {
    const { ms, files, results } = await call('knowledge.search', {
      query: words,
      k: RESULTS,
      ...(scope === null ? {} : { collections: [scope] }),
    });
    if (mine !== turn) return;
    useKnowledgeSearch.setState({
      found: { query: words, ms, files, results },
      searching: false,
      error: null,
    });
    if (results[0]) await showResult(results[0]);
    else useKnowledgeSearch.setState({ shown: null });
  } catch (error) {
    if (mine !== turn) return;
    useKnowledgeSearch.setState({ error: asAppError(error).toShape(), searching: false });
  }
}

export function showTab(tab: Tab): void {
  useKnowledgeSearch.setState({ tab });
}

/** Opens a document at a line: a link led here, or a file was chosen. */
export function openDocument(collection: string, path: string, line: number): Promise<void> {
  showTab('search');
  return showPassage({ collection, path, startLine: line, endLine: line, words: [] });
}

export function showResult(result: SearchResult): Promise<void> {
  const words = new Set(result.marks.map(([start, end]) => result.text.slice(start, end)));
  return showPassage({ ...result, words: [...words] });
}

/** Shows lines of a document. A failure is shown in the preview. */
export async function showPassage(
  place: Pick<Shown, 'collection' | 'path' | 'startLine' | 'endLine' | 'words'>,
): Promise<void> {
  const { collection, path, startLine, endLine, words } = place;
  const shown: Shown = { collection, path, startLine, endLine, words, passage: null, error: null };
  const before = useKnowledgeSearch.getState().shown;
  // The old lines stay until the new ones are here: no flicker while one walks through the results.
  useKnowledgeSearch.setState({
    shown:
      before?.path === path && before.collection === collection
        ? { ...shown, passage: before.passage }
        : shown,
  });
  const isPresent = (): boolean => {
    const now = useKnowledgeSearch.getState().shown;
    return now?.collection === collection && now.path === path && now.startLine === startLine;
  };
  try {
    const passage = await call('knowledge.passage', {
      collection,
      path,
      startLine,
      endLine,
      context: CONTEXT_LINES,
    });
    if (isPresent()) useKnowledgeSearch.setState({ shown: { ...shown, passage } });
  } catch (error) {
    if (isPresent())
      useKnowledgeSearch.setState({ shown: { ...shown, error: asAppError(error).toShape() } });
  }
}
