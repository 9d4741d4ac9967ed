import type { Check } from '../../../src-contract/health.ts';
import type { StoredProvider } from './provider-store.ts';

/** How each provider was when it was last used or tested; nothing is asked of the network. */
export function providerChecks(providers: readonly StoredProvider[]): Check[] {
  if (providers.length === 0) {
    return [
      {
        id: 'providers',
        title: 'Providers',
        state: 'ok',
        value: 0,
        unit: null,
        message: 'No provider is set up; Library reader answers from your documents.',
        remedy: null,
        action: null,
      },
    ];
  }
  return providers.map((provider) => toCheck(provider));
}

function toCheck(provider: StoredProvider): Check {
  const { id, testMs, error } = provider;
  const failed = provider.state === 'failed';
  // How quickly it failed is no figure to stand beside its name.
  const value = failed || testMs === null ? null : Math.round(testMs);
  const said = {
    untested: 'Not tested yet.',
    ready: `Answered when it was last asked; ${provider.models.length} models.`,
    failed: error?.message ?? 'It failed when it was last asked.',
  } as const satisfies Record<StoredProvider['state'], string>;
  return {
    id: `provider:${id}`,
    title: `Provider ${id}`,
    state: failed ? 'warn' : 'ok',
    value,
    unit: value === null ? null : 'ms',
    message: said[provider.state],
    remedy: failed ? (error?.remedy ?? 'Test it in Settings.') : null,
    action: failed ? 'open-providers' : null,
  };
}
