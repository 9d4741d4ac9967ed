import { z } from 'zod';
import { lazy } from './lazy.ts';

/**
 * How a route is described. A `query` reads, a `command` writes, a `stream` sends events until it
 * ends or is cancelled. `input` is checked by the dispatcher on every call; `output` and `event`
 * give the TypeScript types and the API reference. Each schema is built when it is first read.
 */
export interface QueryRoute<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'query';
  readonly summary: string;
  readonly input: I;
  readonly output: O;
}

export interface CommandRoute<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'command';
  readonly summary: string;
  readonly input: I;
  readonly output: O;
}

export interface StreamRoute<I extends z.ZodType = z.ZodType, E extends z.ZodType = z.ZodType> {
  readonly kind: 'stream';
  readonly summary: string;
  readonly input: I;
  readonly event: E;
}

export type Route = QueryRoute | CommandRoute | StreamRoute;

export function query<I extends z.ZodType, O extends z.ZodType>(
  summary: string,
  input: () => I,
  output: () => O,
): QueryRoute<I, O> {
  return callable('query', summary, input, output);
}

export function command<I extends z.ZodType, O extends z.ZodType>(
  summary: string,
  input: () => I,
  output: () => O,
): CommandRoute<I, O> {
  return callable('command', summary, input, output);
}

export function stream<I extends z.ZodType, E extends z.ZodType>(
  summary: string,
  input: () => I,
  event: () => E,
): StreamRoute<I, E> {
  const [inputOnce, eventOnce] = [lazy(input), lazy(event)];
  return {
    kind: 'stream',
    summary,
    get input() {
      return inputOnce();
    },
    get event() {
      return eventOnce();
    },
  };
}

function callable<K extends 'query' | 'command', I extends z.ZodType, O extends z.ZodType>(
  kind: K,
  summary: string,
  input: () => I,
  output: () => O,
) {
  const [inputOnce, outputOnce] = [lazy(input), lazy(output)];
  return {
    kind,
    summary,
    get input() {
      return inputOnce();
    },
    get output() {
      return outputOnce();
    },
  };
}

/** Input of a route that takes nothing. Unknown keys are refused, as in every route. */
export const nothing = lazy(() => z.strictObject({}));
