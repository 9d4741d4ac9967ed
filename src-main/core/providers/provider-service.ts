import { AppError } from '../../../src-contract/app-error.ts';
import type { DetectedProvider, Provider } from '../../../src-contract/providers.ts';
import type { Check } from '../../../src-contract/health.ts';
import type { HealthSource } from '../health/ports.ts';
import type { ChangeBus } from '../shared/change-bus.ts';
import type { Clock } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
import { isLocal, normaliseBaseUrl } from './base-url.ts';
import { detectLocal, LOCAL_SERVERS, type LocalServer } from './detect.ts';
import { MODELS_MS } from './limits.ts';
import type { ProviderDirectory } from './model-gateway.ts';
import { fetchModels } from './models.ts';
import type { Endpoint, OpenAiClients } from './openai-client.ts';
import { providerChecks } from './provider-checks.ts';
import { unknownProvider } from './provider-errors.ts';
import type { ProviderStore, StoredProvider } from './provider-store.ts';
import { toProviderError } from './to-provider-error.ts';

export interface ProviderDeps {
  readonly store: ProviderStore;
  readonly clients: OpenAiClients;
  readonly bus: ChangeBus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly fetch: typeof fetch;
  /** Where local servers are looked for. */
  readonly localServers?: readonly LocalServer[];
}

export interface AddProvider {
  readonly id: string;
  readonly baseUrl: string;
  readonly key?: string | undefined;
  readonly models?: readonly string[] | undefined;
}

/** Failures that say something about the provider, not about one request. */
const TELLING = new Set([
  'provider/refused',
  'provider/dns',
  'provider/tls',
  'provider/unreachable',
  'provider/unauthorized',
  'provider/forbidden',
  'provider/no-credit',
  'provider/redirected',
  'provider/server-error',
  'provider/slow-headers',
  'provider/bad-stream',
]);

/** The configured providers: add, list, remove, test, detect, and how each was last. Keys go in and never come out. */
export class ProviderService implements ProviderDirectory, HealthSource {
  readonly #deps: ProviderDeps;

  constructor(deps: ProviderDeps) {
    this.#deps = deps;
  }

  list(): Provider[] {
    return this.#deps.store.list().map(shown);
  }

  /**
   * Adds a provider or changes the one with this id. Without models they are asked from the
   * endpoint; a failure of that is stored with the provider, not thrown.
   *
   * Errors: `provider/bad-url`, `provider/bad-key`, `provider/key-needed` (the address moved to
   * another server: the kept key would be sent there).
   */
  async add(input: AddProvider): Promise<Provider> {
    const { store } = this.#deps;
    const baseUrl = normaliseBaseUrl(input.baseUrl);
    const before = store.get(input.id);
    if (before?.key && input.key === undefined && !sameOrigin(before.baseUrl, baseUrl)) {
      throw keyNeeded(input.id);
    }
    const key = input.key === undefined ? (before?.key ?? null) : checkKey(input.key);
    const given = input.models !== undefined && input.models.length > 0;
    store.put({
      id: input.id,
      baseUrl,
      key,
      modelsGiven: given,
      models: given ? (input.models ?? []) : (before?.models ?? []),
      state: 'untested',
      error: null,
      testMs: null,
    });
    this.#changed(input.id);
    this.#deps.logger.info('provider saved', { provider: input.id, local: isLocal(baseUrl) });
    return given ? shown(this.#known(input.id)) : this.test(input.id);
  }

  /** Errors: `provider/unknown`. */
  remove(id: string): void {
    if (!this.#deps.store.remove(id)) throw unknownProvider(id);
    this.#changed(id);
    this.#deps.logger.info('provider removed', { provider: id });
  }

  /** Asks the endpoint for its models and stores what it said. A failure is in the result. Errors: `provider/unknown`. */
  async test(id: string): Promise<Provider> {
    const { store, clients, clock } = this.#deps;
    const asked = this.#known(id);
    const context = { providerId: id, model: null, local: isLocal(asked.baseUrl) };
    const started = clock.monotonic();
    const outcome = await fetchModels(clients, asked, context).then(
      (models) => ({ models, error: null }),
      (error: unknown) => ({
        models: null,
        error: toProviderError(error, {
          ...context,
          key: asked.key,
          headersMs: MODELS_MS,
          now: clock.now(),
        }),
      }),
    );
    // It may have been changed or removed while it was asked: then the answer is about something else.
    const now = this.#known(id);
    if (now.baseUrl !== asked.baseUrl || now.key !== asked.key) return shown(now);
    store.put({
      ...now,
      models: outcome.models && !now.modelsGiven ? outcome.models : now.models,
      state: outcome.error ? 'failed' : 'ready',
      error: outcome.error?.toShape() ?? null,
      testMs: clock.monotonic() - started,
    });
    this.#deps.bus.changed('providers');
    return shown(this.#known(id));
  }

  detect(): Promise<DetectedProvider[]> {
    const { localServers = LOCAL_SERVERS, fetch, clock } = this.#deps;
    return detectLocal(localServers, fetch, clock);
  }

  checks(): Promise<readonly Check[]> {
    return Promise.resolve(providerChecks(this.#deps.store.list()));
  }

  endpoint(id: string): Endpoint | null {
    const found = this.#deps.store.get(id);
    return found && { id, baseUrl: found.baseUrl, key: found.key };
  }

  firstReady(): string | null {
    const ready = this.#deps.store
      .list()
      .find(({ state, models }) => state === 'ready' && models[0]);
    return ready?.models[0] ? `${ready.id}/${ready.models[0]}` : null;
  }

  noted(id: string, error: AppError | null): void {
    const { store, bus } = this.#deps;
    const provider = store.get(id);
    if (!provider || (error && !TELLING.has(error.code))) return;
    const state = error ? 'failed' : 'ready';
    if (provider.state === state && provider.error?.code === error?.code) return;
    store.put({ ...provider, state, error: error?.toShape() ?? null });
    bus.changed('providers');
  }

  #changed(id: string): void {
    this.#deps.clients.forget(id);
    this.#deps.bus.changed('providers');
  }

  #known(id: string): StoredProvider {
    const found = this.#deps.store.get(id);
    if (!found) throw unknownProvider(id);
    return found;
  }
}

function shown(provider: StoredProvider): Provider {
  const { id, baseUrl, models, state, error, testMs } = provider;
  return {
    id,
    baseUrl,
    models: [...models],
    state,
    error,
    testMs,
    hasKey: provider.key !== null,
    local: isLocal(baseUrl),
  };
}

function sameOrigin(a: string, b: string): boolean {
  return new URL(a).origin === new URL(b).origin;
}

/** What can stand in a header; pasted keys often end with a line break. */
function checkKey(text: string): string {
  const key = text.trim();
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new AppError('provider/bad-key', 'This key has characters that no key has.', {
    remedy: 'Copy it again, without spaces or line breaks inside.',
  });
}

function keyNeeded(id: string): AppError {
  return new AppError(
    'provider/key-needed',
    `The address of "${id}" moves to another server, and its key belongs to the old one.`,
    { remedy: 'Enter the key for the new address.', action: 'open-providers' },
  );
}
