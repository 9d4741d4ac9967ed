import { useState } from 'react';
import type { AppError } from '../../../../src-contract/app-error.ts';
import type { Provider } from '../../../../src-contract/providers.ts';
import { asAppError, call } from '../../../bridge.ts';
import { readProviders } from '../../../providers-state.ts';
import { ConfirmDialog } from '../../../ui/dialog.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { counted } from '../../../ui/format.ts';

interface RemoveProviderProps {
  readonly provider: Provider;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
}

/** Asks by name, and removes. */
export function RemoveProvider({ provider, onClose, onRemoved }: RemoveProviderProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);

  async function remove(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await call('providers.remove', { id: provider.id });
      await readProviders();
      onRemoved();
    } catch (failure) {
      setError(asAppError(failure));
      setBusy(false);
    }
  }

  return (
    <ConfirmDialog
      title={`Remove the provider “${provider.id}”?`}
      description={`Conversations stay as they are. Its ${
        provider.hasKey ? 'key is erased from the vault and its ' : ''
      }${counted(provider.models.length, 'model')} can’t be chosen any more.`}
      keep="Keep it"
      confirm={`Remove “${provider.id}”`}
      busy={busy}
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      {error && <ErrorBanner error={error} stacked />}
    </ConfirmDialog>
  );
}
