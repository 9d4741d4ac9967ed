import { create } from 'zustand';
import type { AppError } from '../src-contract/app-error.ts';
import type { Provider } from '../src-contract/providers.ts';
import { asAppError, call } from './bridge.ts';

/** The configured providers. Null until they were read once. */
interface ProvidersState {
  readonly providers: readonly Provider[] | null;
  readonly error: AppError | null;
}

export const useProviders = create<ProvidersState>(() => ({ providers: null, error: null }));

export async function readProviders(): Promise<void> {
  try {
    const { providers } = await call('providers.list', {});
    useProviders.setState({ providers, error: null });
  } catch (error) {
    useProviders.setState({ error: asAppError(error) });
  }
}

/** An id for a provider from its address: "api.openai.com" gives "openai", a loopback address "local-<port>". */
export function providerIdFor(baseUrl: string): string | null {
  if (!URL.canParse(baseUrl)) return null;
  const { hostname, port } = new URL(baseUrl);
  if (isLoopback(hostname)) return port === '' ? 'local' : `local-${port}`;
  const parts = hostname.split('.').filter(Boolean);
  const name = /^[\d.]+$|:/.test(hostname) ? hostname : (parts.at(-2) ?? parts[0]);
  const id = (name ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '');
  return id === '' ? null : id.slice(0, 64);
}

/** What is wrong with an address as a person types it, as a sentence; null when nothing is. */
export function addressProblem(baseUrl: string): string | null {
  if (!/^https?:\/\//i.test(baseUrl)) return 'Starts with https:// or http://.';
  return URL.canParse(baseUrl) ? null : 'This is not a complete address.';
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
