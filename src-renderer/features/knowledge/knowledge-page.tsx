import { useEffect, useState, type DragEvent, type ReactNode } from 'react';
import type { ErrorShape } from '../../../src-contract/app-error.ts';
import type { Collection } from '../../../src-contract/knowledge.ts';
import { addTo } from '../../adding/jobs-state.ts';
import { readDrop, type Given } from '../../adding/read-drop.ts';
import { asAppError } from '../../bridge.ts';
import { ContentHead, Screen } from '../../frame/screen.tsx';
import { hrefFor, navigate, useRoute } from '../../route.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { ErrorBanner } from '../../ui/error-banner.tsx';
import { bytes, count, counted } from '../../ui/format.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { Empty } from '../../ui/parts.tsx';
import { Badge } from '../../ui/state.tsx';
import { TabPanel, Tabs } from '../../ui/tabs.tsx';
import { useReading } from '../../watch.ts';
import { readFiles } from './files-state.ts';
import { readCollections, removeCollection, useKnowledge } from './knowledge-state.ts';
import './knowledge.css';
import { AddDialog } from './parts/add-dialog.tsx';
import { CollectionList } from './parts/collection-list.tsx';
import { FilesTab } from './parts/files-tab.tsx';
import { JobQueue } from './parts/job-queue.tsx';
import { SearchTab } from './parts/search-tab.tsx';
import { SourcesTab } from './parts/sources-tab.tsx';
import { openDocument, showTab, useKnowledgeSearch } from './search-state.ts';

type Asking = { readonly kind: 'add'; readonly given: Given | null } | { readonly kind: 'remove' };

/** Knowledge: collections, search with the document beside it, files, sources. `#/knowledge/<collection>?file=&line=`. */
export function KnowledgePage(): ReactNode {
  const { rest, query } = useRoute();
  const { collections, error } = useKnowledge();
  const tab = useKnowledgeSearch((state) => state.tab);
  const [asking, setAsking] = useState<Asking | null>(null);
  useReading(() => void readCollections(), 'knowledge', 'library');
  const current = collections?.find(({ name }) => name === rest) ?? null;
  const target = current?.origin === 'local' ? current.name : '';

  const file = query.get('file');
  const line = Number(query.get('line') ?? '1') || 1;
  useEffect(() => {
    if (file !== null && rest !== '') void openDocument(rest, file, line);
  }, [rest, file, line]);

  async function take(event: DragEvent): Promise<void> {
    const given = await readDrop(event.dataTransfer);
    const empty = given.kind === 'files' && given.files.length === 0;
    if (target === '' || empty) setAsking({ kind: 'add', given: empty ? null : given });
    else addTo(target, given);
  }

  const shownTab = current ? tab : 'search';
  return (
    // Dropping anywhere is a shortcut for the button "Add files or folder".
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className="knowledge"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void take(event);
      }}
    >
      <Screen
        listLabel="Collections"
        list={<CollectionList collections={collections ?? []} current={rest} />}
      >
        <ContentHead
          title={rest === '' ? 'All collections' : rest}
          after={current && <span className="ink-3 small num cut">{sums(current)}</span>}
          end={
            <>
              <Button
                size="small"
                icon="add"
                onClick={() => setAsking({ kind: 'add', given: null })}
              >
                Add files or folder
              </Button>
              {current?.origin === 'local' && (
                <Menu trigger={<IconButton icon="more" name="More" />}>
                  <MenuItem icon="remove" danger onSelect={() => setAsking({ kind: 'remove' })}>
                    Remove the collection
                  </MenuItem>
                </Menu>
              )}
            </>
          }
        />
        {error && (
          <div className="knowledge-error">
            <ErrorBanner error={error} on={{ retry: () => void readCollections() }} />
          </div>
        )}
        <Tabs
          name="Collection"
          value={shownTab}
          onChange={showTab}
          tabs={[
            { value: 'search', label: 'Search' },
            ...(current
              ? [
                  {
                    value: 'files' as const,
                    label: 'Files',
                    after: <FileCount collection={current} />,
                  },
                  { value: 'sources' as const, label: 'Sources' },
                ]
              : []),
          ]}
        >
          <TabPanel value="search">
            <SearchTab
              scope={current?.name ?? null}
              nothing={
                collections?.length === 0 && (
                  <Nothing onAdd={() => setAsking({ kind: 'add', given: null })} />
                )
              }
            />
          </TabPanel>
          {current && (
            <>
              <TabPanel value="files">
                <FilesTab collection={current} />
              </TabPanel>
              <TabPanel value="sources">
                <SourcesTab collection={current} />
              </TabPanel>
            </>
          )}
        </Tabs>
        <JobQueue
          onShowProblems={(collection) => {
            void readFiles(collection, 'problems', 0);
            showTab('files');
            navigate(hrefFor('knowledge', collection));
          }}
        />
      </Screen>
      {asking?.kind === 'add' && (
        <AddDialog
          target={target}
          given={asking.given}
          onClose={() => setAsking(null)}
          onAdded={(collection) => {
            setAsking(null);
            navigate(hrefFor('knowledge', collection));
          }}
        />
      )}
      {asking?.kind === 'remove' && current && (
        <RemoveDialog collection={current} onClose={() => setAsking(null)} />
      )}
    </div>
  );
}

function Nothing({ onAdd }: { readonly onAdd: () => void }): ReactNode {
  return (
    <Empty
      icon="knowledge"
      title="No documents yet"
      action={
        <Button kind="primary" onClick={onAdd}>
          Add documents
        </Button>
      }
    >
      Add notes, text or source code, or drop them here. Carrel finds the passages that answer, and
      answers cite them.
    </Empty>
  );
}

function FileCount({ collection }: { readonly collection: Collection }): ReactNode {
  return collection.failed > 0 ? (
    <Badge tone="warn">{count(collection.failed)} failed</Badge>
  ) : (
    <span className="ink-3 num">{count(collection.files)}</span>
  );
}

function RemoveDialog({
  collection: { name, sources, files },
  onClose,
}: {
  readonly collection: Collection;
  readonly onClose: () => void;
}): ReactNode {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorShape | null>(null);
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      await removeCollection(name);
      navigate(hrefFor('knowledge'));
      onClose();
    } catch (failure) {
      setError(asAppError(failure).toShape());
      setBusy(false);
    }
  };
  return (
    <ConfirmDialog
      title={`Remove the collection “${name}”?`}
      description={
        sources.length > 0
          ? 'Files on disk stay where they are. Carrel forgets its index of them.'
          : `The ${counted(files, 'file')} that were sent to Carrel are erased.`
      }
      keep="Keep it"
      confirm={`Remove “${name}”`}
      busy={busy}
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      {error && <ErrorBanner error={error} stacked />}
    </ConfirmDialog>
  );
}

function sums({ files, chunks, bytes: size }: Collection): string {
  return `${counted(files, 'file')}, ${counted(chunks, 'passage')}, ${bytes(size)}`;
}
