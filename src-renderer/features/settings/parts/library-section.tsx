import { useState, type ReactNode } from 'react';
import type { ErrorShape } from '../../../../src-contract/app-error.ts';
import type { LibraryStatus } from '../../../../src-contract/library.ts';
import type { SettingKey, Settings } from '../../../../src-contract/settings.ts';
import { asAppError, call } from '../../../bridge.ts';
import { saveSetting, useSettings } from '../../../settings-state.ts';
import { Banner } from '../../../ui/banner.tsx';
import { Button } from '../../../ui/button.tsx';
import { Select, Switch } from '../../../ui/choice.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { Segment } from '../../../ui/segment.tsx';
import { hrefFor, navigate } from '../../../route.ts';
import { AuthorForm } from './author-form.tsx';
import { RemoteCard } from './remote-card.tsx';
import { useQuery } from './use-query.ts';

/** Minutes that are offered; another one that was set by hand is offered too. */
const MINUTES = [0, 5, 15, 30, 60, 240];

/** Where the library comes from, how it is entered, and how it keeps up. */
export function LibrarySection(): ReactNode {
  const library = useQuery(() => call('library.status', {}), 'library');
  const values = useSettings((state) => state.values);
  const [error, setError] = useState<ErrorShape | null>(null);
  const save = <K extends SettingKey>(key: K, value: Settings[K]): void => {
    setError(null);
    saveSetting(key, value).catch((failure: unknown) => setError(asAppError(failure).toShape()));
  };
  return (
    <>
      <p className="lead">
        The library is a Git repository. Your team’s changes come from its remote, and yours go
        there when you publish them; without a remote it stays on this machine.
      </p>
      {library.error && <ErrorBanner error={library.error} on={{ retry: library.read }} />}
      {library.value && <Remote status={library.value} />}
      {values && (
        <>
          <div className="setting">
            <div className="grow">
              <h2>Look for changes</h2>
              <p className="ink-2">By itself, and when you come back to the window.</p>
            </div>
            <Select
              label="Look for changes"
              labelHidden
              value={values['library.checkMinutes']}
              onChange={(event) => save('library.checkMinutes', Number(event.target.value))}
            >
              {minutesWith(values['library.checkMinutes']).map((minutes) => (
                <option key={minutes} value={minutes}>
                  {minutesWords(minutes)}
                </option>
              ))}
            </Select>
          </div>
          <div className="setting">
            <div className="grow">
              <h2>A new version of the team</h2>
              <p className="ink-2">
                Taken by itself or shown first. What you edited is kept either way.
              </p>
            </div>
            <Segment
              name="A new version of the team"
              size="normal"
              value={values['library.updates']}
              onChange={(next) => save('library.updates', next)}
              options={[
                { value: 'ask', label: 'Ask me' },
                { value: 'take', label: 'Take it' },
              ]}
            />
          </div>
          <div className="setting">
            <div className="grow">
              <h2>Fetch through the Git of this computer</h2>
              <p className="ink-2">
                Faster for large libraries, where Git is installed. What it fetched is checked the
                same.
              </p>
            </div>
            <Switch
              label="Fetch through the Git of this computer"
              checked={values['library.accelerator']}
              onChange={(on) => save('library.accelerator', on)}
            />
          </div>
          {error && <ErrorBanner error={error} />}
          <AuthorForm name={values['library.authorName']} email={values['library.authorEmail']} />
        </>
      )}
    </>
  );
}

function Remote({ status }: { readonly status: LibraryStatus }): ReactNode {
  if (status.version !== null) return <RemoteCard key={status.url} status={status} />;
  return (
    <Banner
      tone="info"
      title="This workspace has no library yet."
      actions={
        <Button size="small" onClick={() => navigate(hrefFor('library'))}>
          Open or clone one
        </Button>
      }
    />
  );
}

function minutesWith(minutes: number): readonly number[] {
  return MINUTES.includes(minutes) ? MINUTES : [...MINUTES, minutes].toSorted((a, b) => a - b);
}

function minutesWords(minutes: number): string {
  if (minutes === 0) return 'Only when I ask';
  if (minutes < 60) return `Every ${minutes} minutes`;
  return minutes === 60 ? 'Every hour' : `Every ${Number((minutes / 60).toFixed(1))} hours`;
}
