import type { ReactNode } from 'react';
import type { LibraryStatus } from '../../../../src-contract/library.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { hrefFor, navigate } from '../../../route.ts';
import { counted, longTime, shortVersion } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Facts } from '../../../ui/parts.tsx';
import { PickList } from '../../../ui/row.tsx';
import { STATES } from '../item-words.ts';
import { useKept } from '../kept-state.ts';
import { kindOf } from '../kinds.ts';
import { useLibrary } from '../library-state.ts';

/** The library as a whole: where it comes from, where it stands, what is not published. Shown while no item is chosen. */
export function Overview({ status }: { readonly status: LibraryStatus }): ReactNode {
  const items = useLibrary((state) => state.items);
  return (
    <div className="item">
      <p className="item-says">Choose an item at the left to read or edit it.</p>
      <Facts
        rows={[
          ['Comes from', status.url ?? 'Carrel’s starter library, on this machine only'],
          ['Version', status.version && shortVersion(status.version)],
          ['Items', counted(items.length, 'item')],
          ['Edited here', status.edited > 0 ? counted(status.edited, 'item') : 'none'],
          ['Waits to be sent', status.queued > 0 ? counted(status.queued, 'version') : null],
          ['Checked', status.checkedAt === null ? 'not yet' : longTime(status.checkedAt)],
          [
            'Next check',
            status.nextCheckAt === null
              ? null
              : `${longTime(status.nextCheckAt)}, and when you come back to this window`,
          ],
          [
            'Signatures',
            'not checked in this version of Carrel: take libraries only from those you trust',
          ],
        ]}
      />
      <NotPublished />
    </div>
  );
}

/** What differs from the team, and text that is not saved: the work at hand. */
function NotPublished(): ReactNode {
  const items = useLibrary((state) => state.items);
  const drafts = useKept((state) => state.drafts);
  const mine = items.filter(
    ({ path, state }) => (state !== 'clean' && state !== 'quarantined') || drafts[path],
  );
  if (mine.length === 0) return null;
  return (
    <section aria-label="Your work here">
      <div className="item-bar">
        <h2>Your work here</h2>
      </div>
      <PickList label="Your work here" className="work-here">
        {mine.map((item) => (
          <button
            key={item.path}
            type="button"
            role="option"
            aria-selected={false}
            className="row"
            onClick={() => navigate(hrefFor('library', item.path))}
          >
            <Icon name={kindOf(item).icon} />
            <span className="cut">
              <VisibleText text={item.name} />
            </span>
            <span className="meta">
              {drafts[item.path]
                ? 'not saved'
                : item.state === 'clean'
                  ? ''
                  : STATES[item.state].word}
            </span>
          </button>
        ))}
      </PickList>
    </section>
  );
}
