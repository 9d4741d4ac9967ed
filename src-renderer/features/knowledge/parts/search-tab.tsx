import { useDeferredValue, useEffect, type ReactNode } from 'react';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { SearchInput } from '../../../ui/input.tsx';
import { searchKnowledge, useKnowledgeSearch } from '../search-state.ts';
import { Preview } from './preview.tsx';
import { Results } from './results.tsx';

/** Search as one types, results at the left, the document at the right; `nothing` in their place while there is nothing to search. */
export function SearchTab({
  scope,
  nothing,
}: {
  readonly scope: string | null;
  readonly nothing?: ReactNode;
}): ReactNode {
  const { query, error } = useKnowledgeSearch();
  const deferred = useDeferredValue(query);
  useEffect(() => {
    void searchKnowledge(deferred, scope);
  }, [deferred, scope]);
  return (
    <>
      <div className="searchbar">
        <SearchInput
          className="grow"
          label="Search knowledge"
          placeholder={scope === null ? 'Search all collections' : `Search ${scope}`}
          value={query}
          onText={(text) => useKnowledgeSearch.setState({ query: text })}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return;
            event.preventDefault();
            document.querySelector<HTMLElement>('.hit[tabindex="0"]')?.focus();
          }}
        />
      </div>
      {error && (
        <div className="knowledge-error">
          <ErrorBanner error={error} on={{ retry: () => void searchKnowledge(query, scope) }} />
        </div>
      )}
      {nothing || (
        <div className="split">
          <Results />
          <Preview />
        </div>
      )}
    </>
  );
}
