import { useEffect, useState } from 'react';
import type { VaultStatus } from '../../../../src-contract/vault.ts';
import { call } from '../../../bridge.ts';
import { AppMark } from '../../../frame/app-mark.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { cx } from '../../../ui/cx.ts';
import { STEPS, useFirstStart, type Step } from '../first-start-state.ts';

const WORDS: Readonly<Record<Step, { readonly name: string; readonly about: string }>> = {
  library: { name: 'Library', about: 'Prompts, agents and skills to start with' },
  provider: { name: 'Provider', about: 'Who answers your questions' },
  knowledge: { name: 'Knowledge', about: 'A folder to search and to cite from' },
};

/** Where one is, and what is safe. */
export function Side() {
  const { step, results } = useFirstStart();
  const at = STEPS.indexOf(step);
  return (
    <aside className="side" aria-label="Steps">
      <AppMark className="logo" />
      <h1>Set up your desk</h1>
      <p>Three steps. You can leave out any of them and come back from Settings.</p>
      <ol className="stepper">
        {STEPS.map((name, index) => {
          const result = results[name];
          const done = result !== null && name !== step;
          return (
            <li
              key={name}
              className={cx('step', done && 'done')}
              aria-current={name === step ? 'step' : undefined}
            >
              <span className="no">{done ? <Icon name="ok" size={20} /> : index + 1}</span>
              {index <= at ? <strong>{WORDS[name].name}</strong> : <span>{WORDS[name].name}</span>}
              <span className="sub">
                {done && <span className="sr">Done: </span>}
                {result ?? (index < at ? 'Left out for now' : WORDS[name].about)}
              </span>
            </li>
          );
        })}
      </ol>
      <div className="foot">
        <VaultWords />
        <Icon name="cloud" className="ink-3" />
        <span>
          Nothing leaves this machine but for a provider or a library that you choose here.
        </span>
      </div>
    </aside>
  );
}

/** How the store is encrypted, as the vault says it. */
function VaultWords() {
  const [vault, setVault] = useState<VaultStatus | null>(null);
  useEffect(() => {
    // Health and Settings say what is wrong with a vault; here only what is known to be true stands.
    call('vault.status', {}).then(setVault, () => undefined);
  }, []);
  if (!vault) return null;
  const inKeychain = vault.slots.some((slot) => slot.kind === 'os-keychain');
  return (
    <>
      <Icon name="lock" className="ok" />
      <span>
        {inKeychain
          ? 'Chats and knowledge are encrypted on this machine. The key is in its keychain.'
          : 'Chats and knowledge are encrypted on this machine. The key is in a file that only you can read.'}
      </span>
    </>
  );
}
