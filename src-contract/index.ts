import { z } from 'zod';
import { appRoutes } from './app.ts';
import { chatRoutes } from './chat.ts';
import type { CommandRoute, QueryRoute, StreamRoute } from './define.ts';
import { healthRoutes } from './health.ts';
import { knowledgeRoutes } from './knowledge.ts';
import { libraryRoutes } from './library.ts';
import { providerRoutes } from './providers.ts';
import { settingsRoutes } from './settings.ts';
import { streamRoutes } from './streams.ts';
import { vaultRoutes } from './vault.ts';

/** Every route of the engine. The renderer imports types from here, never the schemas. */
export const contract = {
  ...appRoutes,
  ...chatRoutes,
  ...healthRoutes,
  ...knowledgeRoutes,
  ...libraryRoutes,
  ...providerRoutes,
  ...settingsRoutes,
  ...streamRoutes,
  ...vaultRoutes,
} as const;

/** Lets schemas be interpreted: compiling a validator costs more than the few calls that it would make faster. */
export function interpretSchemas(): void {
  z.config({ jitless: true });
}

export type Contract = typeof contract;
export type RouteName = keyof Contract;
export type StreamName = {
  [K in RouteName]: Contract[K] extends StreamRoute ? K : never;
}[RouteName];
export type CallName = Exclude<RouteName, StreamName>;

/** What a caller may pass: defaults may be left out. */
export type Input<K extends RouteName> = z.input<Contract[K]['input']>;
/** What a handler gets: parsed, with defaults. */
export type Parsed<K extends RouteName> = z.output<Contract[K]['input']>;
export type Output<K extends CallName> =
  Contract[K] extends QueryRoute<z.ZodType, infer O>
    ? z.output<O>
    : Contract[K] extends CommandRoute<z.ZodType, infer O>
      ? z.output<O>
      : never;
export type StreamEvent<K extends StreamName> =
  Contract[K] extends StreamRoute<z.ZodType, infer E> ? z.output<E> : never;
