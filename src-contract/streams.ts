import { z } from 'zod';
import { command } from './define.ts';
import { lazy } from './lazy.ts';

/** Stream ids are given by the engine, counted per connection. */
export const streamId = lazy(() => z.int().min(1));

export const streamRoutes = {
  'streams.cancel': command(
    'Ends a stream of this connection. Cancelling one that has ended is fine.',
    () => z.strictObject({ streamId: streamId() }),
    () => z.object({ cancelled: z.boolean() }),
  ),
} as const;
