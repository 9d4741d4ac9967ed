import type { ReactNode } from 'react';
import type { LibraryStatus } from '../../../../src-contract/library.ts';
import { Button } from '../../../ui/button.tsx';
import { count, counted } from '../../../ui/format.ts';
import { updateLibrary, useActivity } from '../activity-state.ts';
import { openDialog } from '../dialogs-state.ts';

/** Update and Publish, on every view of the library. */
export function HeadButtons({ status }: { readonly status: LibraryStatus }): ReactNode {
  const running = useActivity((state) => state.running);
  // What the library does by itself holds up nobody: the engine takes one thing after the other.
  const busy = running !== null;
  return (
    <>
      {status.url !== null && (
        <Button
          size="small"
          icon="update"
          busy={running?.work === 'update'}
          disabled={busy && running?.work !== 'update'}
          onClick={() => updateLibrary()}
        >
          Update
        </Button>
      )}
      {status.edited > 0 && (
        <Button
          size="small"
          icon="upload"
          disabled={busy}
          aria-label={`Publish ${counted(status.edited, 'change')}`}
          onClick={() => openDialog({ kind: 'publish' })}
        >
          <span>
            Publish <span className="num">{count(status.edited)}</span>
            <span className="only-wide">{status.edited === 1 ? ' change' : ' changes'}</span>
          </span>
        </Button>
      )}
    </>
  );
}
