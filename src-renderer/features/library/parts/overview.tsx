import type { ReactNode } from 'react';
import type { LibraryStatus } from '../../../../src-contract/library.ts';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { counted, longTime, shortVersion } from '../../../ui/format.ts';
import { Facts } from '../../../ui/parts.tsx';
import { useLibrary } from '../library-state.ts';
import { updateLibrary } from '../update-state.ts';

/** The library as a whole: where it comes from, where it stands. Shown while no item is chosen. */
export function Overview({ status }: { readonly status: LibraryStatus }): ReactNode {
  const items = useLibrary((state) => state.items);
  return (
    <div className="item">
      {status.state.kind === 'failed' && (
        <ErrorBanner error={status.state.error} on={{ retry: updateLibrary }} />
      )}
      <p className="item-says">Choose an item at the left to read it.</p>
      <Facts
        rows={[
          ['Comes from', status.url ?? 'Carrel’s starter library, on this machine only'],
          ['Version', status.version && shortVersion(status.version)],
          ['Items', counted(items.length, 'item')],
          ['Edited here', status.edited > 0 ? counted(status.edited, 'file') : 'none'],
          ['Checked', status.checkedAt === null ? 'not yet' : longTime(status.checkedAt)],
          [
            'Signatures',
            'not checked in this version of Carrel: take libraries only from those you trust',
          ],
        ]}
      />
    </div>
  );
}
