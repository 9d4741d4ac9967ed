import { useRef, useState } from 'react';
import type { AppError } from '../../../../src-contract/app-error.ts';
import type { Provider } from '../../../../src-contract/providers.ts';
import { asAppError, call } from '../../../bridge.ts';
import { readProviders } from '../../../providers-state.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { duration } from '../../../ui/format.ts';
import { ProgressRow } from '../../../ui/progress-row.tsx';
import { useDelayed } from '../../../ui/use-delayed.ts';
import { Facts } from '../../../ui/parts.tsx';
import { StateIcon } from '../../../ui/state.tsx';
import { RemoveProvider } from './remove-provider.tsx';
import { ProviderForm } from './provider-form.tsx';

interface ProviderCardProps {
  readonly provider: Provider;
  readonly onRemoved: () => void;
}

export function ProviderCard({ provider, onRemoved }: ProviderCardProps) {
  const [testing, setTesting] = useState(false);
  const present = useRef<symbol>(null);
  const late = useDelayed(testing);
  const [changing, setChanging] = useState(false);
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<AppError | null>(null);

  async function test(): Promise<void> {
    const mine = Symbol('test');
    present.current = mine;
    setTesting(true);
    setError(null);
    try {
      await call('providers.test', { id: provider.id });
    } catch (failure) {
      if (present.current === mine) setError(asAppError(failure));
    }
    await readProviders();
    if (present.current === mine) setTesting(false);
  }

  /** The engine's own time limit ends the question; its answer shows when it comes. */
  function stopWaiting(): void {
    present.current = null;
    setTesting(false);
  }

  if (changing) {
    return (
      <li>
        <ProviderForm provider={provider} onClose={() => setChanging(false)} />
      </li>
    );
  }
  const shown = error?.toShape() ?? (provider.state === 'failed' ? provider.error : null);
  return (
    <li className="card provider">
      <div className="flex flex-wrap items-center gap-2">
        <h2>{provider.id}</h2>
        <ProviderStateWord provider={provider} />
        <span className="ml-auto flex gap-2">
          <Button
            size="small"
            kind="quiet"
            aria-label={`Remove ${provider.id}`}
            onClick={() => setAsking(true)}
          >
            Remove
          </Button>
          <Button
            size="small"
            aria-label={`Change ${provider.id}`}
            onClick={() => setChanging(true)}
          >
            Change
          </Button>
          <Button
            size="small"
            icon="retry"
            busy={testing}
            aria-label={`Test ${provider.id}`}
            onClick={() => void test()}
          >
            Test
          </Button>
        </span>
      </div>
      <Facts
        rows={[
          ['Address', provider.baseUrl],
          ['Key', provider.hasKey ? 'in the vault' : 'none'],
          ['Models', provider.models.length === 0 ? 'none known' : provider.models.join(', ')],
          [
            'Leaves this machine',
            provider.local ? 'nothing: the address is this machine' : 'what you ask it',
          ],
        ]}
      />
      {late && <ProgressRow what={`Asking ${provider.baseUrl}`} onCancel={stopWaiting} />}
      {shown && !testing && (
        <ErrorBanner error={{ ...shown, action: 'retry' }} on={{ retry: () => void test() }} />
      )}
      {asking && (
        <RemoveProvider
          provider={provider}
          onClose={() => setAsking(false)}
          onRemoved={() => {
            setAsking(false);
            onRemoved();
          }}
        />
      )}
    </li>
  );
}

function ProviderStateWord({ provider }: { readonly provider: Provider }) {
  switch (provider.state) {
    case 'ready':
      return (
        <StateIcon tone="ok">
          {provider.testMs === null ? 'Ready' : `Ready, answered in ${duration(provider.testMs)}`}
        </StateIcon>
      );
    case 'failed':
      return (
        <StateIcon tone="fail">
          {provider.testMs === null ? 'Failed' : `Failed after ${duration(provider.testMs)}`}
        </StateIcon>
      );
    case 'untested':
      return (
        <StateIcon tone="plain" icon="waiting">
          Not tested yet
        </StateIcon>
      );
  }
}
