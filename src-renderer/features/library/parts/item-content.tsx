import type { ReactNode } from 'react';
import type { ItemDetail, LibraryStatus } from '../../../../src-contract/library.ts';
import { ContentHead } from '../../../frame/screen.tsx';
import { hrefFor, navigate, useRoute } from '../../../route.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { Badge } from '../../../ui/state.tsx';
import { TabPanel, Tabs } from '../../../ui/tabs.tsx';
import { openPrompt } from '../../../prompts/prompt-state.ts';
import { STATES, nameOf } from '../item-words.ts';
import { useKept } from '../kept-state.ts';
import { readItem, useLibrary } from '../library-state.ts';
import { ChangesView } from './changes-view.tsx';
import { ConflictView } from './conflict-view.tsx';
import { EditView } from './edit-view.tsx';
import { HeadButtons } from './head-buttons.tsx';
import { HistoryView } from './history-view.tsx';
import { ItemMenu } from './item-menu.tsx';
import { Notes } from './notes.tsx';
import { ReadView } from './read-view.tsx';

const VIEWS = {
  conflict: 'Conflict',
  read: 'Read',
  edit: 'Edit',
  changes: 'Changes',
  history: 'History',
} as const;
type View = keyof typeof VIEWS;

/** One item, in whatever way it is wanted: read, edited, compared, followed back, solved. */
export function ItemContent({
  status,
  path,
}: {
  readonly status: LibraryStatus;
  readonly path: string;
}): ReactNode {
  const { query } = useRoute();
  const { detail, detailError, items } = useLibrary();
  const item = detail?.path === path ? detail : null;
  const known = items.find((each) => each.path === path);
  const isConflict = (item ?? known)?.state === 'conflict' || query.get('view') === 'conflict';
  const views = viewsOf(item, isConflict);
  const view = views.find((each) => each === query.get('view')) ?? views[0] ?? 'read';
  const unsaved = useKept((state) => state.drafts[path] !== undefined);
  return (
    <>
      <ContentHead
        title={item?.name ?? known?.name ?? nameOf(path)}
        after={
          <>
            {item && item.state !== 'clean' && (
              <Badge tone={STATES[item.state].tone} icon={STATES[item.state].icon}>
                {sentence(STATES[item.state].word)}
              </Badge>
            )}
            <span className="ink-3 small cut only-wide" title={path}>
              {path}
            </span>
          </>
        }
        end={
          <>
            {view === 'read' && item && <UseInChat item={item} />}
            <HeadButtons status={status} />
            {item && <ItemMenu item={item} />}
          </>
        }
      />
      <Tabs
        name="Views of the item"
        value={view}
        onChange={(next) =>
          navigate(hrefFor('library', path, { view: next === views[0] ? null : next }))
        }
        tabs={views.map((value) => ({
          value,
          label: VIEWS[value],
          ...(value === 'edit' && unsaved ? { after: <Badge icon="edited">Not saved</Badge> } : {}),
        }))}
      >
        <TabPanel value={view}>
          <div
            className={
              view === 'edit' || view === 'conflict' ? 'library-body filled' : 'library-body'
            }
          >
            <Notes brief status={status} />
            {detailError && view !== 'conflict' && (
              <div className="library-notes">
                <ErrorBanner error={detailError} on={{ retry: () => void readItem(path) }} />
              </div>
            )}
            {view === 'conflict' && isConflict && <ConflictView path={path} item={item} />}
            {view === 'read' && item && <ReadView item={item} />}
            {view === 'edit' && item && <EditView item={item} />}
            {view === 'changes' && item && <ChangesView item={item} />}
            {view === 'history' && (
              <HistoryView path={path} open={query.get('version')} here={status.version} />
            )}
          </div>
        </TabPanel>
      </Tabs>
    </>
  );
}

function viewsOf(item: ItemDetail | null, isConflict: boolean): View[] {
  const changed =
    item?.state === 'edited' || item?.state === 'added' || item?.state === 'deleted' || isConflict;
  return [
    ...(isConflict ? (['conflict'] as const) : []),
    'read',
    ...(item?.state === 'deleted' || item?.state === 'quarantined' ? [] : (['edit'] as const)),
    ...(changed ? (['changes'] as const) : []),
    'history',
  ];
}

function UseInChat({ item }: { readonly item: ItemDetail }): ReactNode {
  const gone = item.state === 'deleted' || item.state === 'quarantined';
  if (gone || (item.kind !== 'agent' && item.kind !== 'prompt')) return null;
  return (
    <Button
      size="small"
      kind="primary"
      onClick={() =>
        item.kind === 'agent'
          ? navigate(hrefFor('chat', '', { agent: item.name }))
          : openPrompt(item.path)
      }
    >
      Use in chat
    </Button>
  );
}

function sentence(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
