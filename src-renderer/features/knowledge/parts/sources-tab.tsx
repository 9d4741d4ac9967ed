import type { ReactNode } from 'react';
import type { Collection } from '../../../../src-contract/knowledge.ts';
import { ContentBody } from '../../../frame/screen.tsx';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { reindex } from '../../../adding/jobs-state.ts';

/** Where a collection's files come from, and looking at them again. */
export function SourcesTab({ collection }: { readonly collection: Collection }): ReactNode {
  const { name, origin, sources } = collection;
  return (
    <ContentBody>
      <p className="ink-2 mb-4 max-w-measure">{explain(collection)}</p>
      {sources.length > 0 && (
        <ul className="sources" aria-label="Sources">
          {sources.map((source) => (
            <li key={source}>
              <Icon name="folder" />
              <span className="name">{source}</span>
            </li>
          ))}
        </ul>
      )}
      <div className="flex gap-2 mt-4">
        {sources.length > 0 && (
          <Button size="small" icon="retry" onClick={() => reindex(name)}>
            Look for changes
          </Button>
        )}
        <Button size="small" kind="quiet" onClick={() => reindex(name, true)}>
          Forget the index and build it again
        </Button>
      </div>
      {origin === 'local' && sources.length === 0 && (
        <p className="ink-3 small mt-3">
          Uploaded files are stored encrypted; they change only when you add them again.
        </p>
      )}
    </ContentBody>
  );
}

function explain({ origin, sources }: Collection): string {
  if (origin === 'library') {
    return 'This collection belongs to the team’s library. It changes when the library is updated, and can’t be changed here.';
  }
  return sources.length > 0
    ? 'These files and folders were added. Your files stay where they are; Carrel reads them and keeps an encrypted index.'
    : 'These files were sent from this browser.';
}
