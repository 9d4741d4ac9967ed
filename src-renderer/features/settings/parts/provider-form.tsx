import { useEffect, useRef, useState } from 'react';
import type { AppError } from '../../../../src-contract/app-error.ts';
import type { Provider } from '../../../../src-contract/providers.ts';
import { addProvider, type AddingProvider } from '../../../add-provider.ts';
import { asAppError } from '../../../bridge.ts';
import { addressProblem, providerIdFor } from '../../../providers-state.ts';
import { ProgressRow } from '../../../ui/progress-row.tsx';
import { useDelayed } from '../../../ui/use-delayed.ts';
import { announce } from '../../../ui/live-region.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { Input, Secret, TextArea } from '../../../ui/input.tsx';

interface ProviderFormProps {
  /** The one to change; a new one without it. */
  readonly provider?: Provider;
  readonly onClose: () => void;
}

/** Adds a provider, or changes one: the same route, the same fields. */
export function ProviderForm({ provider, onClose }: ProviderFormProps) {
  const [baseUrl, setBaseUrl] = useState(provider?.baseUrl ?? '');
  const [typedId, setTypedId] = useState<string | null>(provider?.id ?? null);
  const [key, setKey] = useState('');
  const [models, setModels] = useState(provider?.models.join('\n') ?? '');
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const running = useRef<AddingProvider>(null);
  const late = useDelayed(busy);
  const first = useRef<HTMLInputElement>(null);
  // The form stands where its button was.
  useEffect(() => first.current?.focus(), []);

  const id = typedId ?? providerIdFor(baseUrl) ?? '';
  const urlProblem = addressProblem(baseUrl.trim());
  const idProblem = /^[a-z0-9][a-z0-9._-]{0,63}$/.test(id)
    ? null
    : 'Use lower-case letters, digits, dots and dashes; begin with a letter or digit.';

  async function save(): Promise<void> {
    setTried(true);
    if (urlProblem ?? idProblem) return;
    setBusy(true);
    setError(null);
    const names = models
      .split(/[\n,]/)
      .map((name) => name.trim())
      .filter(Boolean);
    try {
      const adding = addProvider({
        id,
        baseUrl: baseUrl.trim(),
        ...(key.trim() === '' ? {} : { key: key.trim() }),
        ...(names.length === 0 ? {} : { models: names }),
      });
      running.current = adding;
      const added = await adding.done;
      setBusy(false);
      if (!added) return;
      announce(provider ? `${id} is saved` : `${id} is added`);
      onClose();
    } catch (failure) {
      setError(asAppError(failure));
      setBusy(false);
    }
  }

  return (
    <form
      className="card provider"
      aria-label={provider ? `Change ${provider.id}` : 'Add a provider'}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void save();
      }}
    >
      <h2>{provider ? `Change ${provider.id}` : 'Add a provider'}</h2>
      <div className="grid grid-cols-[1fr_12rem] gap-3">
        <Input
          label="Base URL"
          type="url"
          spellCheck={false}
          ref={first}
          placeholder="https://api.openai.com/v1"
          value={baseUrl}
          error={tried ? urlProblem : null}
          onChange={(event) => setBaseUrl(event.target.value)}
        />
        <Input
          label="Id"
          spellCheck={false}
          value={id}
          disabled={provider !== undefined}
          error={tried ? idProblem : null}
          onChange={(event) => setTypedId(event.target.value)}
        />
      </div>
      <Secret
        label="Key"
        placeholder={
          provider?.hasKey
            ? 'Leave empty to keep the one in the vault'
            : 'Paste a key, or leave empty where none is needed'
        }
        value={key}
        onChange={(event) => setKey(event.target.value)}
      />
      <TextArea
        label="Models"
        rows={3}
        spellCheck={false}
        hint="One a line. Leave empty to ask the address for its models."
        value={models}
        onChange={(event) => setModels(event.target.value)}
      />
      {late && (
        <ProgressRow
          what={`Asking ${baseUrl.trim()} for its models`}
          onCancel={() => running.current?.cancel()}
        />
      )}
      {error && <ErrorBanner error={error} on={{ retry: () => void save() }} stacked />}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose} disabled={busy}>
          Cancel
        </Button>
        <Button kind="primary" type="submit" busy={busy}>
          {provider ? 'Save' : 'Add provider'}
        </Button>
      </div>
    </form>
  );
}
