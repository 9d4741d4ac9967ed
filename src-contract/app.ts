import { z } from 'zod';
import { nothing, query, stream } from './define.ts';
import { lazy } from './lazy.ts';

/** What a screen may have to read again. */
export const topic = lazy(() =>
  z.enum(['chat', 'knowledge', 'library', 'providers', 'settings', 'health']),
);
export type Topic = z.infer<ReturnType<typeof topic>>;

export const appRoutes = {
  'app.info': query('Versions and places, for About, diagnostics and the CLI.', nothing, () =>
    z.object({
      version: z.string(),
      node: z.string(),
      electron: z.string().nullable(),
      platform: z.string(),
      shell: z.enum(['desktop', 'web', 'cli']),
      dataDir: z.string(),
      workspace: z.object({ id: z.string(), name: z.string() }),
      store: z.object({ schema: z.int(), cipher: z.string() }),
    }),
  ),
  'app.watch': stream(
    'Says which part changed, so that every open window and terminal can read it again. Never ends by itself.',
    nothing,
    () => z.object({ topic: topic() }),
  ),
} as const;
