import { useState, type ReactNode } from 'react';
import type { ErrorShape } from '../../../../src-contract/app-error.ts';
import type { TrashEntry } from '../../../../src-contract/library.ts';
import { asAppError, call } from '../../../bridge.ts';
import { VisibleText } from '../../../markdown/visible-text.tsx';
import { hrefFor, navigate } from '../../../route.ts';
import { Button } from '../../../ui/button.tsx';
import { Banner } from '../../../ui/banner.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { bytes, longTime } from '../../../ui/format.ts';
import { Empty } from '../../../ui/parts.tsx';
import { TRASH_WHY } from '../item-words.ts';
import { readLibrary } from '../library-state.ts';
import { useAsked } from '../use-asked.ts';

/** What was taken out of the library's folder; each can be put back. */
export function TrashView(): ReactNode {
  const { value, error, read } = useAsked('', () => call('library.trash', {}));
  const [failed, setFailed] = useState<ErrorShape | null>(null);
  const [restored, setRestored] = useState<string | null>(null);

  async function restore({ id }: TrashEntry): Promise<void> {
    setFailed(null);
    try {
      const { path } = await call('library.restore', { id });
      setRestored(path);
      read();
      await readLibrary();
    } catch (failure) {
      setFailed(asAppError(failure).toShape());
    }
  }

  const problem = failed ?? error;
  return (
    <div className="item wide-item">
      {problem && <ErrorBanner error={problem} on={{ retry: read }} />}
      {restored !== null && (
        <Banner
          tone="ok"
          title={<VisibleText text={`Put back as ${restored}.`} />}
          actions={
            <Button size="small" onClick={() => navigate(hrefFor('library', restored))}>
              Show it
            </Button>
          }
        />
      )}
      {value?.entries.length === 0 && (
        <Empty icon="remove" title="The trash is empty">
          What you delete, discard or replace is kept here, and can be put back.
        </Empty>
      )}
      {value && value.entries.length > 0 && (
        <ul className="trash" aria-label="Trash">
          {value.entries.map((entry) => (
            <li key={entry.id} className="trash-row">
              <span className="grow">
                <span className="path">
                  <VisibleText text={entry.path} />
                </span>
                <span className="ink-3 small block num">
                  {`${longTime(entry.at)}, ${TRASH_WHY[entry.why]}, ${bytes(entry.size)}`}
                </span>
              </span>
              <Button
                size="small"
                icon="undo"
                aria-label={`Put back ${entry.path}`}
                onClick={() => void restore(entry)}
              >
                Put back
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
