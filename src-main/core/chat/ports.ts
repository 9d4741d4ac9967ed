import type { SearchResult } from '../../../src-contract/knowledge.ts';
import type { Finish, Usage } from '../../../src-contract/chat.ts';

/** What chat needs of knowledge. */
export interface PassageSearch {
  /** Best passages first; all collections where none is named. Unknown names throw `knowledge/unknown-collection`. */
  search(request: {
    readonly query: string;
    readonly collections?: readonly string[];
    readonly k: number;
  }): Promise<{ readonly ms: number; readonly results: readonly SearchResult[] }>;
}

export interface AgentProfile {
  readonly name: string;
  readonly system: string;
  readonly route: string | null;
  readonly collections: readonly string[];
}

/** What chat needs of the library. */
export interface AgentCatalog {
  /** By name or item path, case-insensitive; null where there is none. */
  find(name: string): Promise<AgentProfile | null>;
}

export interface ModelMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface ModelRequest {
  readonly providerId: string;
  readonly model: string;
  readonly messages: readonly ModelMessage[];
  readonly signal: AbortSignal;
}

/**
 * What comes back of a model call. `retry` only ever before the first delta. The last event is
 * `end`; failures are thrown as AppError (`provider/…`), never ended silently.
 */
export type ModelEvent =
  | { readonly type: 'retry'; readonly reason: string; readonly waitMs: number }
  | { readonly type: 'delta'; readonly text: string }
  | { readonly type: 'end'; readonly finish: Finish; readonly usage: Usage | null };

/** What chat needs of the providers. */
export interface ModelGateway {
  stream(request: ModelRequest): AsyncIterable<ModelEvent>;
  /** Route for a conversation that names none: `provider/model`, or null where nothing is set up. */
  defaultRoute(): string | null;
  /** Splits and checks `provider/model` (a model's name may have slashes). Throws `provider/unknown`. */
  resolve(route: string): { readonly providerId: string; readonly model: string };
}
