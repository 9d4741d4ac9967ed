import type { VaultStatus } from '../../../src-contract/vault.ts';
import type { FeatureHandlers } from '../types.ts';

/** What the routes of the vault need of it. */
export interface VaultPort {
  status(): VaultStatus;
}

export function vaultHandlers(vault: VaultPort): FeatureHandlers<'vault'> {
  return { 'vault.status': () => vault.status() };
}
