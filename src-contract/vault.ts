import { z } from 'zod';
import { nothing, query } from './define.ts';
import { lazy } from './lazy.ts';

export const slotKind = lazy(() => z.enum(['os-keychain', 'key-file']));

export const vaultStatus = lazy(() =>
  z.object({
    state: z.enum(['unlocked']),
    slots: z.array(z.object({ kind: slotKind(), backend: z.string().nullable() })),
    cipher: z.string(),
    schema: z.int(),
    lastRotation: z.number().nullable(),
  }),
);
export type VaultStatus = z.infer<ReturnType<typeof vaultStatus>>;

export const vaultRoutes = {
  'vault.status': query('How the store is encrypted and what unlocks it.', nothing, () =>
    vaultStatus(),
  ),
} as const;
