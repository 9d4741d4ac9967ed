import type { ReactNode } from 'react';
import type { LibraryStatus } from '../../../../src-contract/library.ts';
import { ContentHead } from '../../../frame/screen.tsx';
import { hrefFor, navigate, useRoute } from '../../../route.ts';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { shortVersion } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Menu, MenuItem } from '../../../ui/menu.tsx';
import { Badge } from '../../../ui/state.tsx';
import { TabPanel, Tabs } from '../../../ui/tabs.tsx';
import { checkLibrary } from '../activity-state.ts';
import { openDialog } from '../dialogs-state.ts';
import { readLibrary, useLibrary } from '../library-state.ts';
import { ConflictList } from './conflict-list.tsx';
import { HeadButtons } from './head-buttons.tsx';
import { HistoryView } from './history-view.tsx';
import { Notes } from './notes.tsx';
import { Overview } from './overview.tsx';
import { TrashView } from './trash-view.tsx';

const VIEWS = ['overview', 'conflicts', 'history', 'trash'] as const;
type View = (typeof VIEWS)[number];

/** The library as a whole: where it stands, its history, what waits, what was taken out. */
export function LibraryContent({ status }: { readonly status: LibraryStatus }): ReactNode {
  const { query } = useRoute();
  const error = useLibrary((state) => state.error);
  const view: View = VIEWS.find((each) => each === query.get('view')) ?? 'overview';
  return (
    <>
      <ContentHead
        title={status.name}
        after={
          <>
            <Badge icon="unverified">Not verified</Badge>
            <span className="ink-3 small num cut">
              {status.version && `version ${shortVersion(status.version)}`}
            </span>
          </>
        }
        end={
          <>
            <HeadButtons status={status} />
            <Menu trigger={<IconButton icon="more" name="More" />}>
              <MenuItem icon="add" onSelect={() => openDialog({ kind: 'create' })}>
                New item
              </MenuItem>
              {status.url !== null && (
                <MenuItem icon="retry" onSelect={checkLibrary}>
                  Look for changes
                </MenuItem>
              )}
              <MenuItem icon="settings" onSelect={() => navigate(hrefFor('settings', 'library'))}>
                Remote and access
              </MenuItem>
            </Menu>
          </>
        }
      />
      <Tabs
        name="Views of the library"
        value={view}
        onChange={(next) =>
          navigate(hrefFor('library', '', { view: next === 'overview' ? null : next }))
        }
        tabs={[
          { value: 'overview', label: 'Overview' },
          ...(status.conflicts > 0 || view === 'conflicts'
            ? ([
                {
                  value: 'conflicts',
                  label: 'Conflicts',
                  after: status.conflicts > 0 && (
                    <Badge tone="warn" icon="conflict">
                      {status.conflicts}
                    </Badge>
                  ),
                },
              ] as const)
            : []),
          { value: 'history', label: 'History' },
          { value: 'trash', label: 'Trash' },
        ]}
      >
        <TabPanel value={view}>
          <div className="library-body">
            <Notes status={status} quietAbout={view === 'overview' ? null : 'conflict'} />
            {error && (
              <div className="library-notes">
                <ErrorBanner
                  error={error}
                  on={{ retry: () => void readLibrary() }}
                  onDismiss={() => useLibrary.setState({ error: null })}
                />
              </div>
            )}
            {view === 'overview' && <Overview status={status} />}
            {view === 'conflicts' && <ConflictList />}
            {view === 'history' && (
              <HistoryView path={null} open={query.get('version')} here={status.version} />
            )}
            {view === 'trash' && <TrashView />}
          </div>
        </TabPanel>
      </Tabs>
    </>
  );
}
