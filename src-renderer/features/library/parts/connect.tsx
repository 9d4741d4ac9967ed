import { useState, type ReactNode } from 'react';
import { Button } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Input } from '../../../ui/input.tsx';
import { cloneLibrary, openStarterLibrary, useUpdate } from '../update-state.ts';
import { UpdateProgress } from './update-progress.tsx';

/** No library yet: open the one that comes with Carrel, or clone the team's. */
export function Connect(): ReactNode {
  const { running, error } = useUpdate();
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
          hint="https://…, file://… or a path on the machine that runs Carrel"
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
      {running && (
        <div className="w-full">
          <UpdateProgress />
        </div>
      )}
      {error && (
        <ErrorBanner error={error} stacked onDismiss={() => useUpdate.setState({ error: null })} />
      )}
    </div>
  );
}
