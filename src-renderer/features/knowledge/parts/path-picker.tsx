import { useEffect, type ReactNode } from 'react';
import { Button } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { cutMiddle } from '../../../ui/format.ts';
import { RowButton, Rows } from '../../../ui/row.tsx';
import { browseTo, useBrowse } from '../browse-state.ts';

/** Folders and files of the machine that runs the engine: it reads them by itself, and notices when they change. */
export function PathPicker({ onPick }: { readonly onPick: (path: string) => void }): ReactNode {
  const { at, error } = useBrowse();
  useEffect(() => {
    void browseTo(useBrowse.getState().at?.path ?? null);
  }, []);

  if (!at)
    return error && <ErrorBanner error={error} stacked on={{ retry: () => void browseTo(null) }} />;
  const { path, parent, entries, truncated } = at;
  return (
    <div className="path-picker">
      <div className="path-picker-head">
        <span className="code cut" title={path}>
          {cutMiddle(path, 56)}
        </span>
        <Button size="tiny" onClick={() => onPick(path)}>
          Use this folder
        </Button>
      </div>
      {error && (
        <ErrorBanner error={error} stacked onDismiss={() => useBrowse.setState({ error: null })} />
      )}
      <div className="path-picker-rows">
        <Rows label={`In ${path}`}>
          {parent !== null && (
            <RowButton icon="left" title="Up" onClick={() => void browseTo(parent)} />
          )}
          {entries.map(({ name, kind }) => (
            <RowButton
              key={name}
              icon={kind}
              title={name}
              onClick={() =>
                kind === 'folder' ? void browseTo(join(path, name)) : onPick(join(path, name))
              }
            />
          ))}
        </Rows>
        {truncated && <p className="ink-3 small p-2">There is more here than can be listed.</p>}
      </div>
    </div>
  );
}

/** With the separator that the engine's system uses: its own path shows it. */
function join(folder: string, name: string): string {
  const separator = folder.includes('\\') && !folder.startsWith('/') ? '\\' : '/';
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}
