import { useState, type ReactNode } from 'react';
import type { ErrorShape } from '../../../../src-contract/app-error.ts';
import { asAppError } from '../../../bridge.ts';
import { saveSetting } from '../../../settings-state.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { Input } from '../../../ui/input.tsx';
import { announce } from '../../../ui/live-region.tsx';

interface AuthorFormProps {
  readonly name: string | null;
  readonly email: string | null;
}

/** Who published versions are by: part of the history that the team keeps. */
export function AuthorForm(known: AuthorFormProps): ReactNode {
  const [name, setName] = useState(known.name ?? '');
  const [email, setEmail] = useState(known.email ?? '');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorShape | null>(null);
  const changed = name.trim() !== (known.name ?? '') || email.trim() !== (known.email ?? '');
  const wrong = email.trim() !== '' && !/^[^\s<>@]+@[^\s<>@]+$/u.test(email.trim());

  async function save(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await saveSetting('library.authorName', name.trim() === '' ? null : name.trim());
      await saveSetting('library.authorEmail', email.trim() === '' ? null : email.trim());
      announce('Saved');
    } catch (failure) {
      setError(asAppError(failure).toShape());
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      className="card plain-head grid gap-3"
      aria-label="Who you are in the history"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (changed && !wrong && !busy) void save();
      }}
    >
      <h2>Who you are in the history</h2>
      <div className="grid grid-cols-2 gap-3">
        <Input
          label="Name"
          placeholder="The name of this computer’s account"
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Input
          label="E-mail"
          placeholder="None"
          maxLength={254}
          value={email}
          error={wrong ? 'This is not an e-mail address.' : null}
          onChange={(event) => setEmail(event.target.value)}
        />
      </div>
      {error && <ErrorBanner error={error} stacked />}
      <div className="flex items-center justify-end gap-3">
        {!changed && <span className="ink-3 small">Nothing changed yet.</span>}
        <Button type="submit" busy={busy} disabled={!changed || wrong}>
          Save
        </Button>
      </div>
    </form>
  );
}
