import { useEffect, useId, useState, type ReactNode } from 'react';
import type { ErrorShape } from '../../src-contract/app-error.ts';
import type { LibraryAccess } from '../../src-contract/library.ts';
import { asAppError, call } from '../bridge.ts';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/choice.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorBanner } from '../ui/error-banner.tsx';
import { Input, Secret } from '../ui/input.tsx';
import { hostOf, kindOfUrl } from './remote-kind.ts';
import './remote.css';

interface AccessDialogProps {
  readonly url: string;
  /** The word of the primary button. */
  readonly go: string;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

/** Asks how a remote is entered: a token for https, a key for SSH. Secrets go to the vault and never come back here. */
export function AccessDialog({ url, go, onSaved, onClose }: AccessDialogProps): ReactNode {
  const form = useId();
  const kind = kindOfUrl(url);
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [keyFile, setKeyFile] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [program, setProgram] = useState<'built-in' | 'system'>('built-in');
  const [hasSecret, setHasSecret] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorShape | null>(null);

  useEffect(() => {
    call('library.access', { url }).then(
      (known) => {
        setUsername((typed) => (typed === '' ? (known.username ?? '') : typed));
        setKeyFile((typed) => (typed === '' ? (known.keyFile ?? '') : typed));
        setProgram(known.program);
        setHasSecret(known.hasSecret);
      },
      (failure: unknown) => setError(asAppError(failure).toShape()),
    );
  }, [url]);

  async function save(): Promise<void> {
    setBusy(true);
    setError(null);
    const access: LibraryAccess =
      kind === 'ssh'
        ? {
            kind,
            keyFile: keyFile.trim() === '' ? null : keyFile.trim(),
            ...(passphrase !== '' && { passphrase }),
            program,
          }
        : { kind: 'password', username: username.trim(), password };
    try {
      await call('library.setAccess', { url, access });
      onSaved();
    } catch (failure) {
      setError(asAppError(failure).toShape());
      setBusy(false);
    }
  }

  const missing = kind === 'password' && password === '';
  return (
    <Dialog
      title={`Access to ${hostOf(url)}`}
      description={
        kind === 'ssh'
          ? 'Without a key file Carrel asks the key agent of this computer, then takes your usual keys.'
          : 'A token that may read and write this repository is enough. It is kept in the vault, for this host only.'
      }
      onClose={onClose}
      footer={
        <>
          {missing && <span className="ink-3 small mr-auto">Enter a token.</span>}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={form} busy={busy} disabled={missing}>
            {go}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="remote-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && !missing) void save();
        }}
      >
        {kind === 'ssh' ? (
          <>
            <Select
              label="Spoken by"
              value={program}
              hint="The system’s program follows your own SSH configuration: jump hosts, security keys, certificates."
              onChange={(event) =>
                setProgram(event.target.value === 'system' ? 'system' : 'built-in')
              }
            >
              <option value="built-in">Carrel itself</option>
              <option value="system">The ssh program of this computer</option>
            </Select>
            {program === 'built-in' && (
              <>
                <Input
                  label="Key file"
                  placeholder="Leave empty for the key agent and your usual keys"
                  hint="A path on the machine that runs Carrel."
                  spellCheck={false}
                  autoComplete="off"
                  value={keyFile}
                  onChange={(event) => setKeyFile(event.target.value)}
                />
                <Secret
                  label="Passphrase of the key"
                  placeholder={
                    hasSecret ? 'Leave empty to keep the one in the vault' : 'Only if it has one'
                  }
                  value={passphrase}
                  onChange={(event) => setPassphrase(event.target.value)}
                />
              </>
            )}
          </>
        ) : (
          <>
            <Input
              label="User name"
              placeholder="Often not needed with a token"
              spellCheck={false}
              autoComplete="off"
              value={username}
              onChange={(event) => setUsername(event.target.value)}
            />
            <Secret
              label="Token or password"
              placeholder={hasSecret ? 'Another one than that in the vault' : 'Paste a token'}
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </>
        )}
        {error && <ErrorBanner error={error} stacked />}
      </form>
    </Dialog>
  );
}
