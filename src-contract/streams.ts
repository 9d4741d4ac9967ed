import { z } from 'zod';
import { command } from './define.ts';

/** Stream ids are given by the engine, counted per connection. */
export const streamId = z.int().min(1);

export const streamRoutes = {
  'streams.cancel': command(
    'Ends a stream of this connection. Cancelling one that has ended is fine.',
    () => z.strictObject({ streamId }),
    () => z.object({ cancelled: z.boolean() }),
  ),
} as const;
