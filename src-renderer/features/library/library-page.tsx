import { useEffect, type ReactNode } from 'react';
import { ContentHead, ListBody, ListHead, Screen } from '../../frame/screen.tsx';
import { useRoute } from '../../route.ts';
import { ErrorBanner } from '../../ui/error-banner.tsx';
import { counted } from '../../ui/format.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { SearchInput } from '../../ui/input.tsx';
import { ProgressRow } from '../../ui/progress-row.tsx';
import { useDelayed } from '../../ui/use-delayed.ts';
import { useReading } from '../../watch.ts';
import { LibraryDialogs } from './dialogs/library-dialogs.tsx';
import { openDialog } from './dialogs-state.ts';
import { readItem, readLibrary, useLibrary } from './library-state.ts';
import './library.css';
import './library-views.css';
import { Connect } from './parts/connect.tsx';
import { ItemContent } from './parts/item-content.tsx';
import { ItemTree } from './parts/item-tree.tsx';
import { LibraryContent } from './parts/library-content.tsx';
import { Versions } from './parts/versions.tsx';

/**
 * Library: items by kind, one item to read, edit, compare and publish, versions, conflicts, trash.
 * `#/library/<path of the item>?view=…`; without a path the library as a whole.
 */
export function LibraryPage(): ReactNode {
  const { rest: path } = useRoute();
  const { status, items, error, filter } = useLibrary();
  useReading(() => {
    void readLibrary();
    void readItem(path);
  }, 'library');
  useEffect(() => {
    void readItem(path);
  }, [path]);

  const late = useDelayed(status === null && error === null);
  const connected = status !== null && status.version !== null;
  return (
    <>
      <Screen
        listLabel="Library items"
        list={
          <>
            <ListHead
              title="Library"
              end={
                connected && (
                  <IconButton
                    icon="add"
                    name="New item"
                    kind="plain"
                    onClick={() => openDialog({ kind: 'create' })}
                  />
                )
              }
            />
            {connected && (
              <div className="library-filter">
                <SearchInput
                  label="Filter items"
                  size="small"
                  placeholder={`Filter ${counted(items.length, 'item')}`}
                  value={filter}
                  onText={(text) => useLibrary.setState({ filter: text })}
                />
              </div>
            )}
            <ListBody>{connected && <ItemTree current={path} />}</ListBody>
            <Versions />
          </>
        }
      >
        {!connected && <ContentHead title="Library" />}
        {!status && (
          <div className="library-notes">
            {late && <ProgressRow what="Reading the library" />}
            {error && <ErrorBanner error={error} on={{ retry: () => void readLibrary() }} />}
          </div>
        )}
        {status && !connected && <Connect state={status.state} />}
        {connected && path === '' && <LibraryContent status={status} />}
        {connected && path !== '' && <ItemContent key={path} status={status} path={path} />}
      </Screen>
      {status && connected && <LibraryDialogs status={status} />}
    </>
  );
}
