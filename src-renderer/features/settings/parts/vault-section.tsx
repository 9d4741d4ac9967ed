import type { VaultStatus } from '../../../../src-contract/vault.ts';
import { call } from '../../../bridge.ts';
import { Banner } from '../../../ui/banner.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { longTime } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Facts } from '../../../ui/parts.tsx';
import { StateIcon } from '../../../ui/state.tsx';
import { useQuery } from './use-query.ts';

type Slot = VaultStatus['slots'][number];

/** How the store is encrypted, and what unlocks it. */
export function VaultSection() {
  const {
    value: vault,
    error,
    read,
  } = useQuery(() => call('vault.status', {}), 'settings', 'health');
  return (
    <>
      <p className="lead">
        Conversations, keys of providers, and the index of your knowledge are encrypted on disk as a
        whole.
      </p>
      {error && <ErrorBanner error={error} on={{ retry: read }} />}
      {vault && (
        <>
          {vault.slots.some((slot) => slot.kind === 'key-file') && (
            <Banner tone="warn" title="A key file unlocks this vault.">
              Whoever can read your files can open the store, a copied disk included. Use Carrel’s
              desktop window to keep the key in the keychain of this computer; until then, encrypt
              the disk.
            </Banner>
          )}
          <section className="card plain-head grid gap-3">
            <StateIcon tone="ok">Unlocked</StateIcon>
            <Facts
              rows={[
                ['Cipher', vault.cipher],
                ['Version of the store', String(vault.schema)],
                [
                  'Key last changed',
                  vault.lastRotation === null ? 'never' : longTime(vault.lastRotation),
                ],
              ]}
            />
          </section>
          <section>
            <h2>What unlocks it</h2>
            <ul aria-label="Slots">
              {vault.slots.map((slot) => (
                <li key={slot.kind} className="line-row">
                  <Icon name={slot.kind === 'os-keychain' ? 'lock' : 'key'} />
                  <span>{slotWords(slot)}</span>
                  <span className="ml-auto flex">
                    {slot.kind === 'key-file' ? (
                      <StateIcon small tone="warn">
                        Not protected by the keychain
                      </StateIcon>
                    ) : (
                      <StateIcon small tone="ok">
                        Protected
                      </StateIcon>
                    )}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
    </>
  );
}

function slotWords({ kind, backend }: Slot): string {
  const name =
    kind === 'os-keychain' ? 'The keychain of this computer' : 'A key file that only you can read';
  return backend === null ? name : `${name} (${backend})`;
}
