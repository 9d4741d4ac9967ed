import { useState, type ReactNode } from 'react';
import type { ErrorShape } from '../../../../src-contract/app-error.ts';
import type { Output } from '../../../../src-contract/index.ts';
import type { LibraryStatus } from '../../../../src-contract/library.ts';
import { asAppError, call } from '../../../bridge.ts';
import { AccessDialog } from '../../../remote/access-dialog.tsx';
import { kindOfUrl } from '../../../remote/remote-kind.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { Input } from '../../../ui/input.tsx';
import { announce } from '../../../ui/live-region.tsx';
import { Facts } from '../../../ui/parts.tsx';
import { useQuery } from './use-query.ts';

/** The address of the remote, and how it is entered. */
export function RemoteCard({ status: { url } }: { readonly status: LibraryStatus }): ReactNode {
  const [typed, setTyped] = useState(url ?? '');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorShape | null>(null);
  const [entering, setEntering] = useState(false);
  const changed = typed.trim() !== '' && typed.trim() !== url;

  async function save(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await call('library.setRemote', { url: typed.trim() });
      announce('The remote is saved');
    } catch (failure) {
      setError(asAppError(failure).toShape());
    } finally {
      setBusy(false);
    }
  }

  return (
    <section className="card plain-head grid gap-3" aria-label="Remote">
      <form
        className="remote-line"
        onSubmit={(event) => {
          event.preventDefault();
          if (changed && !busy) void save();
        }}
      >
        <Input
          className="grow"
          label="Remote"
          hint="Another address of the same library. One with another history is refused, and changes nothing."
          placeholder="https://git.example.org/team/library.git"
          spellCheck={false}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="submit" busy={busy} disabled={!changed}>
          Save the remote
        </Button>
      </form>
      {error && <ErrorBanner error={error} on={{ retry: () => void save() }} stacked />}
      {url !== null && kindOfUrl(url) !== 'none' && (
        <Access url={url} onChange={() => setEntering(true)} />
      )}
      {entering && url !== null && (
        <AccessDialog
          url={url}
          go="Save"
          onSaved={() => setEntering(false)}
          onClose={() => setEntering(false)}
        />
      )}
    </section>
  );
}

function Access({
  url,
  onChange,
}: {
  readonly url: string;
  readonly onChange: () => void;
}): ReactNode {
  const { value, error } = useQuery(() => call('library.access', { url }), 'library', 'settings');
  return (
    <div className="setting">
      <div className="grow">
        {error && <ErrorBanner error={error.toShape()} stacked />}
        {value && <Facts rows={[['Access', accessWords(value)]]} />}
      </div>
      <Button size="small" icon="key" onClick={onChange}>
        Change access
      </Button>
    </div>
  );
}

function accessWords({ kind, username, keyFile, program, hasSecret }: Output<'library.access'>) {
  if (kind === 'ssh') {
    if (program === 'system') return 'by the ssh program of this computer';
    const secret = hasSecret ? ', its passphrase in the vault' : '';
    return keyFile === null ? 'key agent, then your usual keys' : `the key ${keyFile}${secret}`;
  }
  if (kind === 'none' || !hasSecret) return 'none is kept: enough for what everybody may read';
  return username ? `as ${username}, with what is in the vault` : 'with the token in the vault';
}
