import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../src-contract/app-error.ts';
import type { Clock } from '../shared/clock.ts';
import type { ModelEvent, ModelGateway, ModelRequest } from '../chat/ports.ts';
import { Attempt } from './attempt.ts';
import { isLocal } from './base-url.ts';
import { STREAM_LIMITS, type StreamLimits } from './limits.ts';
import type { Endpoint, OpenAiClients } from './openai-client.ts';
import { unknownProvider } from './provider-errors.ts';
import { retryWait } from './retry-policy.ts';
import { toProviderError } from './to-provider-error.ts';

/** What the gateway needs of the configured providers. */
export interface ProviderDirectory {
  endpoint(id: string): Endpoint | null;
  /** `provider/model` of the first ready provider that has a model; null without one. */
  firstReady(): string | null;
  /** A request ended: well (null) or with this error. */
  noted(id: string, error: AppError | null): void;
}

export interface GatewayDeps {
  readonly providers: ProviderDirectory;
  readonly clients: OpenAiClients;
  readonly clock: Clock;
  readonly limits?: Partial<StreamLimits>;
  /** 0 to 1; spreads retries. */
  readonly random?: () => number;
}

/**
 * Streams answers of OpenAI-compatible endpoints. Retries only before the first delta and says so
 * at once; an end without the model's word for it is `truncated`; silence is `provider/stalled`.
 */
export class OpenAiGateway implements ModelGateway {
  readonly #deps: GatewayDeps;
  readonly #limits: StreamLimits;
  readonly #random: () => number;

  constructor(deps: GatewayDeps) {
    this.#deps = deps;
    this.#limits = { ...STREAM_LIMITS, ...deps.limits };
    this.#random = deps.random ?? Math.random;
  }

  defaultRoute(): string | null {
    return this.#deps.providers.firstReady();
  }

  resolve(route: string): { readonly providerId: string; readonly model: string } {
    const slash = route.indexOf('/');
    const providerId = slash < 0 ? route : route.slice(0, slash);
    const model = slash < 0 ? '' : route.slice(slash + 1);
    if (!this.#deps.providers.endpoint(providerId)) throw unknownProvider(providerId);
    if (!model) throw noModel(providerId);
    return { providerId, model };
  }

  async *stream(request: ModelRequest): AsyncGenerator<ModelEvent, void, undefined> {
    const { providers, clients, clock } = this.#deps;
    const { providerId, model, messages, signal } = request;
    const endpoint = providers.endpoint(providerId);
    if (!endpoint) throw unknownProvider(providerId);
    const context = { providerId, model, local: isLocal(endpoint.baseUrl) };
    const client = await clients.of(endpoint);
    const limits = this.#limits;
    let askUsage = true;
    let started = false;
    for (let tried = 1; ; tried++) {
      const attempt = new Attempt({
        client,
        endpoint,
        context,
        model,
        messages,
        signal,
        limits,
        askUsage,
      });
      let failure: AppError;
      try {
        await attempt.open();
        for (;;) {
          const text = await attempt.read();
          if (text === null) break;
          if (!text) continue;
          started = true;
          yield { type: 'delta', text };
        }
        providers.noted(providerId, null);
        const { finish, usage } = attempt.parser;
        yield { type: 'end', finish: finish ?? 'truncated', usage };
        return;
      } catch (error) {
        if (signal.aborted) {
          yield { type: 'end', finish: 'cancelled', usage: attempt.parser.usage };
          return;
        }
        failure = toProviderError(error, {
          ...context,
          key: endpoint.key,
          headersMs: limits.headersMs,
          now: clock.now(),
        });
      } finally {
        attempt.close();
      }
      if (askUsage && refusesUsage(failure)) {
        askUsage = false;
        tried -= 1;
        continue;
      }
      const waitMs = started ? null : retryWait(failure, tried, limits, this.#random());
      if (waitMs === null) {
        providers.noted(providerId, failure);
        throw failure;
      }
      yield { type: 'retry', reason: failure.message, waitMs };
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) {
        yield { type: 'end', finish: 'cancelled', usage: null };
        return;
      }
    }
  }
}

/** Some servers don't know `stream_options` and refuse what they don't know. */
function refusesUsage(failure: AppError): boolean {
  return (
    failure.code === 'provider/bad-request' && /stream_options|include_usage/.test(failure.message)
  );
}

function noModel(providerId: string): AppError {
  return new AppError('provider/unknown-model', `No model of "${providerId}" is named.`, {
    remedy: `Name one, as in ${providerId}/model-name.`,
    action: 'open-providers',
  });
}
