import type {
  CallName,
  Output,
  Parsed,
  RouteName,
  StreamEvent,
  StreamName,
} from '../../src-contract/index.ts';

export interface CallContext {
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** Ends a stream of the same connection; false where there is none. */
  readonly cancelStream: (streamId: number) => boolean;
}

export interface StreamContext<E> {
  /** Aborted when the client cancels or goes away. */
  readonly signal: AbortSignal;
  /** Queues an event. Await it: it waits while the client is too far behind. */
  readonly emit: (event: E) => Promise<void>;
}

export type Handlers = {
  readonly [K in CallName]: (
    input: Parsed<K>,
    context: CallContext,
  ) => Output<K> | Promise<Output<K>>;
} & {
  readonly [K in StreamName]: (
    input: Parsed<K>,
    context: StreamContext<StreamEvent<K>>,
  ) => Promise<void>;
};

/**
 * The handlers of one feature: exactly the routes that begin with its name. An object literal of
 * this type with a route missing, misspelt or from another feature does not compile, so the union
 * of all features handles each route exactly once.
 */
export type FeatureHandlers<F extends string> = Pick<
  Handlers,
  Extract<RouteName, `${F}.${string}`>
>;
