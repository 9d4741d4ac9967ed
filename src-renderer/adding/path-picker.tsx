import { useEffect } from 'react';
import { Button } from '../ui/button.tsx';
import { ErrorBanner } from '../ui/error-banner.tsx';
import { cutMiddle } from '../ui/format.ts';
import { Running } from '../ui/icon.tsx';
import { RowButton, Rows } from '../ui/row.tsx';
import { useDelayed } from '../ui/use-delayed.ts';
import { browseTo, useBrowse } from './browse-state.ts';

/** Folders and files of the machine that runs the engine: it reads them by itself, and notices when they change. */
export function PathPicker({ onPick }: { readonly onPick: (path: string) => void }) {
  const { at, reading, error } = useBrowse();
  const late = useDelayed(reading);
  useEffect(() => {
    void browseTo(useBrowse.getState().at?.path ?? null);
  }, []);
  return (
    <div className="path-picker">
      {at && (
        <div className="path-picker-head">
          <span className="code cut" title={at.path}>
            {cutMiddle(at.path, 56)}
          </span>
          <Button size="tiny" onClick={() => onPick(at.path)}>
            Use this folder
          </Button>
        </div>
      )}
      {error && (
        <ErrorBanner error={error} stacked on={{ retry: () => void browseTo(at?.path ?? null) }} />
      )}
      {late && (
        <p className="state p-2">
          <Running /> Reading the folder
        </p>
      )}
      {at && (
        <div className="path-picker-rows" key={at.path}>
          <Rows label={`In ${at.path}`}>
            {at.parent !== null && (
              <RowButton icon="left" title="Up" onClick={() => void browseTo(at.parent)} />
            )}
            {at.entries.map(({ name, kind }) => (
              <RowButton
                key={name}
                icon={kind}
                title={name}
                onClick={() => {
                  const full = join(at.path, name);
                  if (kind === 'folder') void browseTo(full);
                  else onPick(full);
                }}
              />
            ))}
          </Rows>
          {at.entries.length === 0 && <p className="px-3 ink-2">This folder is empty.</p>}
          {at.truncated && (
            <p className="px-3 ink-3 small">There is more here than can be listed.</p>
          )}
        </div>
      )}
    </div>
  );
}

/** With the separator that the engine's system uses: its own path shows it. */
function join(folder: string, name: string): string {
  const separator = folder.includes('\\') && !folder.startsWith('/') ? '\\' : '/';
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}
