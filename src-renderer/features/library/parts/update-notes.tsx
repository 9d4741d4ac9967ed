import type { ReactNode } from 'react';
import type { Change, UpdateSummary } from '../../../../src-contract/library.ts';
import { hrefFor } from '../../../route.ts';
import { Banner } from '../../../ui/banner.tsx';
import { Button, GoButton } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { counted, shortVersion } from '../../../ui/format.ts';
import { useDelayed } from '../../../ui/use-delayed.ts';
import { updateLibrary, useUpdate } from '../update-state.ts';
import { UpdateProgress } from './update-progress.tsx';

/** What an update does and what it did: progress, failure, what changed, what was kept as it is here. */
export function UpdateNotes(): ReactNode {
  const { running, summary, error } = useUpdate();
  const late = useDelayed(running !== null);
  return (
    <>
      {running && late && (
        <div className="library-progress">
          <UpdateProgress />
        </div>
      )}
      {error && (
        <div className="library-note">
          <ErrorBanner
            error={error}
            on={{ retry: updateLibrary }}
            onDismiss={() => useUpdate.setState({ error: null })}
          />
        </div>
      )}
      {summary && <Summary summary={summary} />}
    </>
  );
}

function Summary({ summary }: { readonly summary: UpdateSummary }): ReactNode {
  const { state, changed, kept, version } = summary;
  const dismiss = (
    <Button size="small" kind="quiet" onClick={() => useUpdate.setState({ summary: null })}>
      Dismiss
    </Button>
  );
  if (state === 'unchanged') {
    return (
      <div className="library-note">
        <Banner tone="ok" title="The library is up to date." actions={dismiss}>
          You work on version {shortVersion(version)}.
        </Banner>
      </div>
    );
  }
  return (
    <div className="library-note">
      <Banner
        tone={kept.length > 0 ? 'warn' : 'ok'}
        title={
          changed.length > 0
            ? `Updated to ${shortVersion(version)}: ${counted(changed.length, 'file')} changed.`
            : 'The library is up to date, but for what you edited.'
        }
        actions={dismiss}
      >
        {kept.length > 0
          ? `${counted(kept.length, 'file')} that you edited ${kept.length === 1 ? 'was' : 'were'} left as ${kept.length === 1 ? 'it is' : 'they are'}.`
          : 'No file that you edited was touched.'}
      </Banner>
      <div className="what-changed">
        {changed.length > 0 && (
          <>
            <h2>What changed</h2>
            <ul aria-label="What changed">
              {changed.map((change) => (
                <ChangeRow key={change.path} change={change} />
              ))}
            </ul>
          </>
        )}
        {kept.length > 0 && (
          <>
            <h2>Kept as you edited it</h2>
            <ul aria-label="Kept as you edited it">
              {kept.map((path) => (
                <li key={path}>
                  <span className="sign">=</span>
                  <GoButton href={hrefFor('library', path)}>{path}</GoButton>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}

const SIGNS = { added: '+', modified: '~', deleted: '−' } as const;

function ChangeRow({ change: { path, change } }: { readonly change: Change }): ReactNode {
  return (
    <li>
      <span className="sign" aria-hidden>
        {SIGNS[change]}
      </span>
      {change === 'deleted' ? (
        <span>{path}</span>
      ) : (
        <GoButton href={hrefFor('library', path)}>{path}</GoButton>
      )}
      <span className="ink-3 small">{change}</span>
    </li>
  );
}
