import type { LibraryStatus } from '../../../../src-contract/library.ts';
import type { Provider } from '../../../../src-contract/providers.ts';
import { call } from '../../../bridge.ts';
import { readProviders, useProviders } from '../../../providers-state.ts';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { Icon, type IconName } from '../../../ui/icon.tsx';
import { useReading } from '../../../watch.ts';
import { useQuery } from './use-query.ts';

/** What leaves this machine, from what is set up now. */
export function PrivacySection() {
  const { providers, error } = useProviders();
  const library = useQuery(() => call('library.status', {}), 'library');
  useReading(() => void readProviders(), 'providers');
  const failed = error ?? library.error;
  const remote = (providers ?? []).filter((provider) => !provider.local);
  const leaves = remote.length > 0 || Boolean(library.value?.url);
  return (
    <>
      {failed && <ErrorBanner error={failed} on={{ retry: () => void readProviders() }} />}
      {providers && library.value && (
        <>
          <p className="lead">
            {leaves
              ? 'This is all that leaves this machine, and when. Carrel has no service of its own, no account and sends no statistics.'
              : 'Nothing leaves this machine. Carrel has no service of its own, no account and sends no statistics.'}
          </p>
          <ul aria-label="What leaves this machine">
            {providers.map((provider) => (
              <PrivacyLine
                key={provider.id}
                icon={provider.local ? 'machine' : 'cloud'}
                title={provider.id}
                words={providerWords(provider)}
              />
            ))}
            <PrivacyLine
              icon="knowledge"
              title="Library reader"
              words="Nothing leaves this machine."
            />
            <PrivacyLine icon="library" title="Library" words={libraryWords(library.value)} />
          </ul>
        </>
      )}
    </>
  );
}

interface PrivacyLineProps {
  readonly icon: IconName;
  readonly title: string;
  readonly words: string;
}

function PrivacyLine({ icon, title, words }: PrivacyLineProps) {
  return (
    <li className="line-row tall">
      <Icon name={icon} />
      <span>
        <strong>{title}</strong>
        <span className="block ink-2">{words}</span>
      </span>
    </li>
  );
}

function providerWords({ baseUrl, local, hasKey }: Provider): string {
  const host = URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl;
  if (local) return `Nothing leaves this machine: it runs here, at ${host}.`;
  const key = hasKey ? ', with its key' : '';
  return `To ${host}${key}, when it is asked: the conversation so far, the agent’s instructions, and the passages that were found for the question.`;
}

function libraryWords({ url, state }: LibraryStatus): string {
  if (state.kind === 'none') return 'There is none.';
  if (url === null) return 'Nothing leaves this machine: it has no remote.';
  return `${url} is asked for what is new, by itself and when you update. What you publish goes there, with your name; nothing else does.`;
}
