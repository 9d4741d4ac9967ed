import { useRef, useState } from 'react';
import { readProviders, useProviders } from '../../../providers-state.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { Empty } from '../../../ui/parts.tsx';
import { useReading } from '../../../watch.ts';
import { ProviderCard } from './provider-card.tsx';
import { ProviderForm } from './provider-form.tsx';

/** The providers with their state, and the form to add one. */
export function ProvidersSection() {
  const { providers, error } = useProviders();
  const [adding, setAdding] = useState(false);
  const add = useRef<HTMLButtonElement>(null);
  useReading(() => void readProviders(), 'providers');

  function closeForm(): void {
    setAdding(false);
    // The button comes back with the next render.
    requestAnimationFrame(() => add.current?.focus());
  }

  return (
    <>
      <p className="lead">
        A provider answers through any address that speaks the OpenAI protocol. Keys are kept in the
        encrypted vault and are never shown again.
      </p>
      {error && <ErrorBanner error={error} on={{ retry: () => void readProviders() }} />}
      {adding ? (
        <ProviderForm onClose={closeForm} />
      ) : (
        <div>
          <Button
            ref={add}
            kind={providers?.length === 0 ? 'primary' : 'plain'}
            icon="add"
            onClick={() => setAdding(true)}
          >
            Add a provider
          </Button>
        </div>
      )}
      {providers?.length === 0 && !adding && (
        <Empty icon="provider" title="No provider yet">
          Without one the Library reader answers, offline, with passages from your library and
          knowledge.
        </Empty>
      )}
      {providers && providers.length > 0 && (
        <ul className="cards" aria-label="Providers">
          {providers.map((provider) => (
            <ProviderCard
              key={provider.id}
              provider={provider}
              onRemoved={() => add.current?.focus()}
            />
          ))}
        </ul>
      )}
    </>
  );
}
