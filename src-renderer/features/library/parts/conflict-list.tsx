import type { ReactNode } from 'react';
import type { Conflict } from '../../../../src-contract/library.ts';
import { call } from '../../../bridge.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { hrefFor, navigate } from '../../../route.ts';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { PickList } from '../../../ui/row.tsx';
import { nameOf } from '../item-words.ts';
import { useLibrary } from '../library-state.ts';
import { useAsked } from '../use-asked.ts';
import { NoConflicts } from './conflict-view.tsx';

const KINDS: Readonly<Record<Conflict['kind'], string>> = {
  text: 'the same lines changed',
  binary: 'not a text, changed on both sides',
  'deleted-here': 'deleted here, changed by the team',
  'deleted-there': 'changed here, deleted by the team',
  folder: 'a file on one side, a folder on the other',
};

/** What was changed here and by the team, to be decided one by one; all else can be used meanwhile. */
export function ConflictList(): ReactNode {
  const items = useLibrary((state) => state.items);
  const { value, error, read } = useAsked('', () => call('library.conflicts', {}));
  if (error) {
    return (
      <div className="item">
        <ErrorBanner error={error} on={{ retry: read }} />
      </div>
    );
  }
  if (!value) return null;
  if (value.conflicts.length === 0) return <NoConflicts />;
  return (
    <div className="history">
      <PickList label="Conflicts">
        {value.conflicts.map(({ path, kind }) => (
          <button
            key={path}
            type="button"
            role="option"
            aria-selected={false}
            className="row two"
            onClick={() => navigate(hrefFor('library', path, { view: 'conflict' }))}
          >
            <Icon name="conflict" className="warn" />
            <span className="lines">
              <span className="cut">
                <VisibleText
                  text={items.find((item) => item.path === path)?.name ?? nameOf(path)}
                />
              </span>
              <span className="cut">
                <VisibleText text={`${path}: ${KINDS[kind]}`} />
              </span>
            </span>
            <span className="meta">solve</span>
          </button>
        ))}
      </PickList>
    </div>
  );
}
