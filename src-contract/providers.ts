import { z } from 'zod';
import { errorShape, name, secret, url } from './common.ts';
import { command, nothing, query } from './define.ts';
import { lazy } from './lazy.ts';

/** A provider's id is the first part of a route, so it has no slash. */
export const providerId = lazy(() =>
  z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'use lower-case letters, digits, dot, dash'),
);

export const provider = lazy(() =>
  z.object({
    id: providerId(),
    baseUrl: z.string(),
    models: z.array(z.string()),
    /** Whether a key is in the vault. The key itself never crosses the border. */
    hasKey: z.boolean(),
    /** True for a loopback address: nothing leaves this machine. */
    local: z.boolean(),
    state: z.enum(['untested', 'ready', 'failed']),
    error: errorShape().nullable(),
    /** Duration of the last test in milliseconds. */
    testMs: z.number().nullable(),
  }),
);
export type Provider = z.infer<ReturnType<typeof provider>>;

export const detectedProvider = lazy(() =>
  z.object({
    id: providerId(),
    label: z.string(),
    baseUrl: z.string(),
    models: z.array(z.string()),
    ms: z.number(),
  }),
);
export type DetectedProvider = z.infer<ReturnType<typeof detectedProvider>>;

export const providerRoutes = {
  'providers.list': query('Configured providers, sorted by id.', nothing, () =>
    z.object({ providers: z.array(provider()) }),
  ),
  'providers.add': command(
    'Adds a provider or changes the one with this id. Without `key` an existing key is kept. Without `models` they are asked from the endpoint.',
    () =>
      z.strictObject({
        id: providerId(),
        baseUrl: url(),
        key: secret().optional(),
        models: z.array(name()).max(500).optional(),
      }),
    () => provider(),
  ),
  'providers.remove': command(
    'Removes a provider and its key.',
    () => z.strictObject({ id: providerId() }),
    () => z.object({}),
  ),
  'providers.test': command(
    'Asks the endpoint for its models and records what it said.',
    () => z.strictObject({ id: providerId() }),
    () => provider(),
  ),
  'providers.detect': query('Looks for Ollama and LM Studio on loopback.', nothing, () =>
    z.object({ found: z.array(detectedProvider()) }),
  ),
} as const;
