import type { ReactNode } from 'react';
import type { LibraryStatus } from '../../../../src-contract/library.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { counted, longTime, shortVersion } from '../../../ui/format.ts';
import { rollBack } from '../activity-state.ts';
import { nameOf } from '../item-words.ts';
import { hrefFor, navigate } from '../../../route.ts';
import { useLibrary, type Version } from '../library-state.ts';

interface RollbackDialogProps {
  readonly version: Version;
  /** Null for the whole library. */
  readonly path: string | null;
  readonly status: LibraryStatus;
  readonly onClose: () => void;
}

/** Says what going back does before it is done: a new version, nothing is taken out of the history. */
export function RollbackDialog({ version, path, status, onClose }: RollbackDialogProps): ReactNode {
  const items = useLibrary((state) => state.items);
  const name =
    path === null
      ? 'the library'
      : `“${items.find((item) => item.path === path)?.name ?? nameOf(path)}”`;
  const id = shortVersion(version.version);
  return (
    <Dialog
      title={`Roll back ${name} to ${id}?`}
      description={`A new version is made in which ${name} is as it was on ${longTime(version.at)}: “${version.message}”.`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Keep it as it is</Button>
          <Button
            kind="primary"
            onClick={() => {
              onClose();
              rollBack(version.version, path);
              navigate(hrefFor('library', path ?? ''));
            }}
          >
            {`Roll back to ${id}`}
          </Button>
        </>
      }
    >
      <ul className="plain-list">
        <li>Every later version stays in the history, so this can be rolled back too.</li>
        {status.edited > 0 && (
          <li>
            {`What you edited and did not publish (${counted(status.edited, 'item')}) stays as you left it.`}
          </li>
        )}
        <li>
          {status.url === null
            ? 'The library has no remote: it stays on this machine.'
            : 'It goes to the team, as a publication does.'}
        </li>
      </ul>
    </Dialog>
  );
}
