import { useState, type ReactNode } from 'react';
import type { LibraryState } from '../../../../src-contract/library.ts';
import { RemoteError } from '../../../remote/remote-error.tsx';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Input } from '../../../ui/input.tsx';
import {
  cloneLibrary,
  dismissOutcome,
  openStarterLibrary,
  useActivity,
} from '../activity-state.ts';
import { ActivityProgress } from './activity-progress.tsx';

/** No library yet: open the one that comes with Carrel, or clone the team's. */
export function Connect({ state }: { readonly state: LibraryState }): ReactNode {
  const { running, failed } = useActivity();
  const [url, setUrl] = useState('');
  const busy = running !== null;
  return (
    <div className="connect">
      <Icon name="library" size={20} />
      <h2>No library yet</h2>
      <p>
        A library is a Git repository with your team’s prompts, agents, skills and knowledge. Carrel
        keeps a copy of it on this machine.
      </p>
      <Button kind="primary" disabled={busy} onClick={openStarterLibrary}>
        Open the starter library
      </Button>
      <form
        className="connect-form"
        aria-label="Clone a URL"
        onSubmit={(event) => {
          event.preventDefault();
          if (url.trim() !== '' && !busy) cloneLibrary(url.trim());
        }}
      >
        <Input
          className="grow"
          label="Clone a URL"
          hint="https, SSH, file:// or a path on the machine that runs Carrel"
          placeholder="https://git.example.org/team/library.git"
          value={url}
          disabled={busy}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setUrl(event.target.value)}
        />
        <Button type="submit" disabled={busy || url.trim() === ''}>
          Clone
        </Button>
      </form>
      <div className="w-full">
        <ActivityProgress state={state} />
      </div>
      {failed && (
        <RemoteError
          error={failed.error}
          url={url.trim() === '' ? null : url.trim()}
          onRetry={failed.retry}
          stacked
          onDismiss={dismissOutcome}
        />
      )}
    </div>
  );
}
