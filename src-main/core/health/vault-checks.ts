import type { Check } from '../../../src-contract/health.ts';
import type { VaultStatus } from '../../../src-contract/vault.ts';
import { makeCheck } from './make-check.ts';
import type { HealthSource } from './ports.ts';

/** What Health needs of the vault. */
export interface VaultFacts {
  readonly warnings: readonly string[];
  status(): VaultStatus;
}

/** Says what unlocks the store, and what had to be put right at the start. */
export function vaultChecks(vault: VaultFacts): HealthSource {
  return {
    checks: () => Promise.resolve([slotCheck(vault.status()), ...rightsCheck(vault.warnings)]),
  };
}

function slotCheck({ slots, cipher }: VaultStatus): Check {
  const shown = { id: 'vault', title: 'Vault', value: slots.map(({ kind }) => kind).join(', ') };
  if (slots.some(({ kind }) => kind === 'key-file')) {
    return makeCheck({
      ...shown,
      state: 'warn',
      message: `The store is encrypted with ${cipher}, and its key lies in a file of this data directory that only your user may read.`,
      remedy:
        'This is fine for a machine of your own, and protects copies of the workspace. It does not protect against somebody who can read your files: encrypt the disk, or make the workspace in the desktop app, which puts its key into the keychain of the system.',
    });
  }
  const backend = slots.find((slot) => slot.backend !== null)?.backend ?? 'the keychain';
  return makeCheck({
    ...shown,
    state: 'ok',
    message: `The store is encrypted with ${cipher}; its key is in ${backend}.`,
  });
}

function rightsCheck(warnings: readonly string[]): Check[] {
  const [first] = warnings;
  if (first === undefined) return [];
  return [
    makeCheck({
      id: 'vault.rights',
      title: 'Rights of files',
      state: 'warn',
      value: warnings.length,
      unit: 'files',
      message: first,
      remedy:
        'Put right already. Who has an account on this machine may have read it before: think about who that is.',
    }),
  ];
}
