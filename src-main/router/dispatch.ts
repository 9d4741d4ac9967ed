import type { Contract, RouteName } from '../../src-contract/index.ts';
import { routes } from '../../src-contract/routes.ts';
import { AppError, type ErrorShape } from '../../src-contract/app-error.ts';
import { toDatabaseError } from '../db/store-error.ts';
import { newId } from '../core/shared/ids.ts';
import type { Logger } from '../core/shared/logger.ts';
import type { CallContext, Handlers, StreamContext } from './types.ts';

/** Issues of a refused input that are told; more would only repeat. */
const MAX_ISSUES = 5;
/** They may repeat what was sent, such as the name of an unknown key. */
const MAX_ISSUE_CHARS = 200;
const MAX_ROUTE_CHARS = 80;

type Handler = (input: unknown, context: unknown) => unknown;

/** The only door to the services: own-property route, parsed input, handler. Throws AppError only. */
export class Dispatcher {
  readonly #handlers: Handlers;
  readonly #logger: Logger;

  constructor(handlers: Handlers, logger: Logger) {
    this.#handlers = handlers;
    this.#logger = logger;
  }

  /** Loads the schemas ahead of the first call. */
  async warm(): Promise<void> {
    await loadContract();
  }

  /** Kind of a route, or `router/unknown-route`. Inherited names (`__proto__`, `toString`) are unknown. */
  kindOf(route: unknown): 'query' | 'command' | 'stream' {
    return routes[this.#known(route)];
  }

  /** Answers a query or command. */
  async call(route: unknown, input: unknown, context: CallContext): Promise<unknown> {
    const name = this.#known(route);
    if (routes[name] === 'stream') throw unknownRoute(route);
    return this.#run(name, input, context);
  }

  /** Runs a stream to its end. */
  async stream(route: unknown, input: unknown, context: StreamContext<unknown>): Promise<void> {
    const name = this.#known(route);
    if (routes[name] !== 'stream') throw unknownRoute(route);
    await this.#run(name, input, context);
  }

  /**
   * What may be told of an error: an AppError as it is, one of the store or of a full disk in words,
   * anything else as `internal` with a log id.
   */
  toShape(error: unknown, route: unknown): ErrorShape {
    if (error instanceof AppError) return error.toShape();
    const known = toDatabaseError(error);
    const shown = routeInWords(route);
    if (known) {
      this.#logger.error('the store failed', { route: shown, error });
      return known.toShape();
    }
    const logId = newId();
    this.#logger.error('unexpected error', { route: shown, logId, error });
    return {
      code: 'internal',
      message: 'Carrel ran into an error that it did not expect.',
      remedy: `Try again. If it stays, look for ${logId} in the logs (Health).`,
      action: 'open-health',
      data: { logId },
    };
  }

  #known(route: unknown): RouteName {
    if (typeof route === 'string' && Object.hasOwn(routes, route)) return route as RouteName;
    throw unknownRoute(route);
  }

  async #run(name: RouteName, input: unknown, context: unknown): Promise<unknown> {
    const { [name]: described } = await loadContract();
    const parsed = described.input.safeParse(input);
    if (!parsed.success) {
      const issues = parsed.error.issues.slice(0, MAX_ISSUES).map((issue) => ({
        path: issue.path.map(String).join('.').slice(0, MAX_ISSUE_CHARS),
        message: issue.message.slice(0, MAX_ISSUE_CHARS),
        code: issue.code,
      }));
      throw inputError(name, issues, parsed.error.issues.some(isTooLong));
    }
    const handler = this.#handlers[name] as Handler;
    return handler(parsed.data, context);
  }
}

/** The schemas, at the first call: the engine is there before they are. */
async function loadContract(): Promise<Contract> {
  const { contract, interpretSchemas } = await import('../../src-contract/index.ts');
  interpretSchemas();
  return contract;
}

function unknownRoute(route: unknown): AppError {
  return new AppError('router/unknown-route', `There is no route "${routeInWords(route)}".`, {
    remedy: 'Update Carrel: the screen and the engine are of different versions.',
  });
}

/** A route is whatever a client sent: turning an object into text could throw. */
function routeInWords(route: unknown): string {
  return typeof route === 'string' ? route.slice(0, MAX_ROUTE_CHARS) : typeof route;
}

/** A number over its bound is wrong, not long. */
function isTooLong(issue: { readonly code: string; readonly origin?: unknown }): boolean {
  return issue.code === 'too_big' && (issue.origin === 'string' || issue.origin === 'array');
}

function inputError(
  name: RouteName,
  issues: { path: string; message: string; code: string }[],
  tooLong: boolean,
): AppError {
  const first = issues[0];
  const where = first?.path ? ` (${first.path})` : '';
  return new AppError(
    tooLong ? 'router/input-too-large' : 'router/invalid-input',
    tooLong
      ? `The input of ${name} is over its limit${where}: ${first?.message ?? ''}`
      : `The input of ${name} is not valid${where}: ${first?.message ?? ''}`,
    {
      remedy: tooLong
        ? 'Shorten it, or add long text to Knowledge and ask about it there.'
        : 'Correct the value and try again.',
      data: { route: name, issues },
    },
  );
}
