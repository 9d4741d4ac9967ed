import type { Input } from '../src-contract/index.ts';
import type { Provider } from '../src-contract/providers.ts';
import { call } from './bridge.ts';
import { readProviders } from './providers-state.ts';

export interface AddingProvider {
  /** The provider as its first test left it (it may have failed), or null when it was cancelled. Rejects with `AppError`. */
  readonly done: Promise<Provider | null>;
  readonly cancel: () => void;
}

/**
 * Adds or changes a provider. The address may take long to answer, and a command can't be taken
 * back on its way: a cancelled new provider is removed again should it arrive after all.
 */
export function addProvider(input: Input<'providers.add'>): AddingProvider {
  const gaveUp = Promise.withResolvers<null>();
  let cancelled = false;

  async function add(): Promise<Provider | null> {
    const { providers } = await call('providers.list', {});
    if (cancelled) return null;
    const isNew = providers.every(({ id }) => id !== input.id);
    const saved = await call('providers.add', input);
    // With models given the engine asks nothing yet; only a provider that answered is ready.
    const added =
      saved.state === 'untested' && !cancelled
        ? await call('providers.test', { id: input.id })
        : saved;
    if (cancelled && isNew) await call('providers.remove', { id: input.id });
    await readProviders();
    return added;
  }

  const adding = add();
  return {
    done: Promise.race([adding, gaveUp.promise]),
    cancel: () => {
      cancelled = true;
      // Whatever comes of it now, the list shows it.
      adding.catch(() => readProviders());
      gaveUp.resolve(null);
    },
  };
}
