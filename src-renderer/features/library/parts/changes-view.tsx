import type { ReactNode } from 'react';
import type { ItemDetail } from '../../../../src-contract/library.ts';
import { call } from '../../../bridge.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { openDialog } from '../dialogs-state.ts';
import { useAsked } from '../use-asked.ts';
import { DiffView } from './diff-view.tsx';

/** What the person changed against the version of the team that they started from. */
export function ChangesView({ item }: { readonly item: ItemDetail }): ReactNode {
  const changed = item.parts.filter(({ state }) => state !== 'clean').map(({ path }) => path);
  return (
    <div className="item wide-item">
      <div className="item-bar">
        <h2>Your changes to the team’s version</h2>
        {item.state !== 'conflict' && (
          <Button size="small" icon="undo" onClick={() => openDialog({ kind: 'discard', item })}>
            Discard edits
          </Button>
        )}
      </div>
      <FileChanges path={item.path} />
      {changed.map((path) => (
        <section key={path}>
          <div className="item-bar">
            <h2>{path}</h2>
          </div>
          <FileChanges path={path} />
        </section>
      ))}
    </div>
  );
}

function FileChanges({ path }: { readonly path: string }): ReactNode {
  const { value, error, read } = useAsked(path, () => call('library.diff', { path }));
  if (error) return <ErrorBanner error={error} on={{ retry: read }} />;
  return value && <DiffView diff={value} name={`Changes of ${path}`} />;
}
