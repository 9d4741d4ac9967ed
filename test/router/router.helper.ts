import { contract } from '../../src-contract/index.ts';
import type { EngineFrame } from '../../src-contract/protocol.ts';
import { silentLogger, type Logger } from '../../src-main/core/shared/logger.ts';
import { Connection } from '../../src-main/router/connection.ts';
import { Dispatcher } from '../../src-main/router/dispatch.ts';
import type { CallContext, Handlers, StreamContext } from '../../src-main/router/types.ts';

export type AnyHandler = (input: never, context: CallContext & StreamContext<unknown>) => unknown;

/** The dispatcher over the real contract: every route answers with its input, but those that a test gives. */
export function makeDispatcher(
  given: Readonly<Record<string, AnyHandler>> = {},
  logger: Logger = silentLogger,
): Dispatcher {
  const echo = Object.keys(contract).map((name) => [name, (input: unknown) => ({ name, input })]);
  const cancel: AnyHandler = ({ streamId }: { streamId: number }, context) => ({
    cancelled: context.cancelStream(streamId),
  });
  const handlers = { ...Object.fromEntries(echo), 'streams.cancel': cancel, ...given };
  return new Dispatcher(handlers as Handlers, logger);
}

/** One client with everything that it got. */
export function makeConnection(given: Readonly<Record<string, AnyHandler>> = {}) {
  const frames: EngineFrame[] = [];
  const connection = new Connection(makeDispatcher(given), (frame) => frames.push(frame));
  return {
    connection,
    frames,
    results: () => frames.filter((frame) => frame.t === 'result'),
    batches: () => frames.filter((frame) => frame.t === 'events'),
    ends: () => frames.filter((frame) => frame.t === 'end'),
  };
}

export const delta = (text: string): { type: 'delta'; text: string } => ({ type: 'delta', text });
export const step = (n: number): { type: 'step'; n: number } => ({ type: 'step', n });
