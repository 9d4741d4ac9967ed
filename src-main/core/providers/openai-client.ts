import type OpenAI from 'openai';
import { guardedFetch } from './guarded-fetch.ts';

/** What a request needs to know of its provider. The key stays in memory only while it is used. */
export interface Endpoint {
  readonly id: string;
  readonly baseUrl: string;
  readonly key: string | null;
}

/**
 * Makes SDK clients and keeps one per endpoint. The SDK costs 90 ms and 18 MB to load, so it is
 * loaded at the first use, or by `warm` when there is time.
 */
export class OpenAiClients {
  readonly #fetch: typeof fetch;
  readonly #clients = new Map<string, { endpoint: Endpoint; client: OpenAI }>();
  #module: Promise<typeof OpenAI> | null = null;

  constructor(fetchLike: typeof fetch) {
    this.#fetch = fetchLike;
  }

  /** Loads the SDK ahead of the first question. */
  async warm(): Promise<void> {
    await this.#load();
  }

  async of(endpoint: Endpoint): Promise<OpenAI> {
    const kept = this.#clients.get(endpoint.id);
    if (kept?.endpoint.baseUrl === endpoint.baseUrl && kept.endpoint.key === endpoint.key) {
      return kept.client;
    }
    const Client = await this.#load();
    const client = new Client({
      baseURL: endpoint.baseUrl,
      // The SDK wants one; without a key of ours the header is taken off again before it leaves.
      apiKey: endpoint.key ?? 'none',
      // Null, not left out: the SDK would read the environment variables of the same meaning.
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      maxRetries: 0,
      logLevel: 'off',
      fetch: guardedFetch(this.#fetch, endpoint.key !== null),
    });
    this.#clients.set(endpoint.id, { endpoint, client });
    return client;
  }

  forget(id: string): void {
    this.#clients.delete(id);
  }

  #load(): Promise<typeof OpenAI> {
    this.#module ??= import('openai').then((module) => module.default);
    return this.#module;
  }
}
