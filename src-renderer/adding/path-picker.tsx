import { useEffect, useState } from 'react';
import type { AppError } from '../../src-contract/app-error.ts';
import type { Output } from '../../src-contract/index.ts';
import { asAppError, call } from '../bridge.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorBanner } from '../ui/error-banner.tsx';
import { Running } from '../ui/icon.tsx';
import { RowButton, Rows } from '../ui/row.tsx';
import { useDelayed } from '../ui/use-delayed.ts';

type Listing = Output<'knowledge.browse'>;

interface PathPickerProps {
  readonly onChoose: (path: string) => void;
  readonly onClose: () => void;
}

/** Folders and files of the machine that Carrel runs on, for a browser that has no paths. */
export function PathPicker({ onChoose, onClose }: PathPickerProps) {
  // Null is the home folder. A new object asks again, for the same folder too.
  const [wanted, setWanted] = useState<{ readonly path: string | null }>({ path: null });
  const [listing, setListing] = useState<Listing | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const late = useDelayed(listing === null && error === null);

  useEffect(() => {
    let stale = false;
    call('knowledge.browse', wanted.path === null ? {} : { path: wanted.path }).then(
      (answer) => {
        if (stale) return;
        setListing(answer);
        setError(null);
      },
      (failure: unknown) => {
        if (!stale) setError(asAppError(failure));
      },
    );
    return () => {
      stale = true;
    };
  }, [wanted]);

  return (
    <Dialog
      title="Choose a folder or file"
      description={listing?.path ?? 'Reading the home folder'}
      className="wide"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            disabled={!listing}
            onClick={() => listing && onChoose(listing.path)}
          >
            {listing ? `Add “${lastPart(listing.path)}”` : 'Add this folder'}
          </Button>
        </>
      }
    >
      {error && (
        <ErrorBanner error={error} on={{ retry: () => setWanted({ ...wanted }) }} stacked />
      )}
      {late && (
        <p className="state">
          <Running /> Reading the folder
        </p>
      )}
      {listing && (
        <div className="-mx-2 h-80 overflow-y-auto" key={listing.path}>
          <Rows label="Folders and files">
            {listing.parent !== null && (
              <RowButton
                icon="left"
                title="The folder above"
                onClick={() => setWanted({ path: listing.parent })}
              />
            )}
            {listing.entries.map((entry) => (
              <RowButton
                key={entry.name}
                icon={entry.kind}
                title={entry.name}
                meta={entry.kind === 'file' ? 'Add this file' : undefined}
                onClick={() => {
                  const full = join(listing.path, entry.name);
                  if (entry.kind === 'folder') setWanted({ path: full });
                  else onChoose(full);
                }}
              />
            ))}
          </Rows>
          {listing.entries.length === 0 && <p className="px-2 ink-2">This folder is empty.</p>}
          {listing.truncated && (
            <p className="px-2 ink-3 small">More is in this folder than is listed.</p>
          )}
        </div>
      )}
    </Dialog>
  );
}

function join(folder: string, name: string): string {
  const separator = folder.includes('\\') ? '\\' : '/';
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}

function lastPart(path: string): string {
  return path.split(/[\\/]/).findLast(Boolean) ?? path;
}
