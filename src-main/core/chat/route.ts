import { LIBRARY_READER } from '../../../src-contract/library-reader.ts';
import type { ModelGateway } from './ports.ts';

/** Where an answer comes from. */
export type Route =
  | { readonly kind: 'library-reader'; readonly id: string }
  | {
      readonly kind: 'model';
      readonly id: string;
      readonly providerId: string;
      readonly model: string;
    };

/**
 * The first of `wishes` that is named, else the first ready provider's first model, else Library
 * reader. A named one that does not exist is an error (`provider/unknown`), never silently another.
 */
export function chooseRoute(wishes: readonly (string | null)[], gateway: ModelGateway): Route {
  const id = wishes.find((wish) => wish !== null) ?? gateway.defaultRoute() ?? LIBRARY_READER;
  if (id === LIBRARY_READER) return { kind: 'library-reader', id };
  return { kind: 'model', id, ...gateway.resolve(id) };
}
