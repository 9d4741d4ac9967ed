import { useEffect, type ReactNode } from 'react';
import type { LibraryStatus } from '../../../src-contract/library.ts';
import { ContentHead, ListBody, ListHead, Screen } from '../../frame/screen.tsx';
import { hrefFor, navigate, useRoute } from '../../route.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorBanner } from '../../ui/error-banner.tsx';
import { counted, shortVersion } from '../../ui/format.ts';
import { SearchInput } from '../../ui/input.tsx';
import { ProgressRow } from '../../ui/progress-row.tsx';
import { Badge } from '../../ui/state.tsx';
import { useDelayed } from '../../ui/use-delayed.ts';
import { useReading } from '../../watch.ts';
import { readItem, readLibrary, useLibrary } from './library-state.ts';
import './library.css';
import { Connect } from './parts/connect.tsx';
import { ItemTree } from './parts/item-tree.tsx';
import { ItemView } from './parts/item-view.tsx';
import { Overview } from './parts/overview.tsx';
import { UpdateNotes } from './parts/update-notes.tsx';
import { Versions } from './parts/versions.tsx';
import { updateLibrary, useUpdate } from './update-state.ts';

/** Library: items by kind, one item, update with what changed, versions. `#/library/<path of the item>`. */
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
    <Screen
      listLabel="Library items"
      list={
        <>
          <ListHead title="Library" />
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
      {!status && (
        <>
          <ContentHead title="Library" />
          {late && (
            <div className="library-note">
              <ProgressRow what="Reading the library" />
            </div>
          )}
          {error && (
            <div className="library-note">
              <ErrorBanner error={error} on={{ retry: () => void readLibrary() }} />
            </div>
          )}
        </>
      )}
      {status && !connected && (
        <>
          <ContentHead title="Library" />
          <Connect />
        </>
      )}
      {connected && <Content status={status} path={path} />}
    </Screen>
  );
}

function Content({
  status,
  path,
}: {
  readonly status: LibraryStatus;
  readonly path: string;
}): ReactNode {
  const { detail, detailError, error } = useLibrary();
  const running = useUpdate((state) => state.running);
  const item = path !== '' && detail?.path === path ? detail : null;
  return (
    <>
      <ContentHead
        title={item?.name ?? (path === '' ? status.name : path)}
        after={
          item ? (
            <>
              {item.state === 'edited' && <Badge icon="edited">Edited</Badge>}
              {item.state === 'deleted' && <Badge tone="warn">Deleted here</Badge>}
              <span className="ink-3 small cut" title={item.path}>
                {item.path}
              </span>
            </>
          ) : (
            <>
              <Badge icon="unverified">Not verified</Badge>
              <span className="ink-3 small num cut">
                {status.version && `version ${shortVersion(status.version)}`}
              </span>
            </>
          )
        }
        end={
          <>
            {status.url !== null && (
              <Button size="small" icon="update" busy={running !== null} onClick={updateLibrary}>
                Update
              </Button>
            )}
            {item?.kind === 'agent' && (
              <Button
                size="small"
                kind="primary"
                onClick={() => navigate(hrefFor('chat', '', { agent: item.name }))}
              >
                Use in chat
              </Button>
            )}
          </>
        }
      />
      <div className="library-body">
        <UpdateNotes />
        {error && (
          <div className="library-note">
            <ErrorBanner error={error} on={{ retry: () => void readLibrary() }} />
          </div>
        )}
        {path !== '' && detailError && (
          <div className="library-note">
            <ErrorBanner error={detailError} on={{ retry: () => void readItem(path) }} />
          </div>
        )}
        {item && <ItemView key={item.path} item={item} />}
        {path === '' && <Overview status={status} />}
      </div>
    </>
  );
}
