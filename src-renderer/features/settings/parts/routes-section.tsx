import { useState } from 'react';
import type { AppError } from '../../../../src-contract/app-error.ts';
import { asAppError } from '../../../bridge.ts';
import { readProviders, useProviders } from '../../../providers-state.ts';
import { saveSetting, useSettings } from '../../../settings-state.ts';
import { Select } from '../../../ui/choice.tsx';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { useReading } from '../../../watch.ts';

// The value of `LIBRARY_READER` in the contract's schema file, which this side imports types of only.
const READER = 'library-reader';
/** What the select says for "no own choice". */
const FIRST_READY = '';

/** Who answers new conversations. */
export function RoutesSection() {
  const route = useSettings((state) => state.values?.['chat.route'] ?? null);
  const providers = useProviders((state) => state.providers);
  const [error, setError] = useState<AppError | null>(null);
  useReading(() => void readProviders(), 'providers');

  const routes = (providers ?? []).flatMap(({ id, models }) =>
    models.map((model) => `${id}/${model}`),
  );
  const gone = route !== null && route !== READER && providers !== null && !routes.includes(route);

  return (
    <>
      <p className="lead">
        New conversations begin with this route. Each conversation can choose another one.
      </p>
      <Select
        label="Default route"
        value={route ?? FIRST_READY}
        hint="Library reader needs no model and no network: it shows the passages that answer, word for word."
        onChange={(event) => {
          setError(null);
          const value = event.target.value === FIRST_READY ? null : event.target.value;
          saveSetting('chat.route', value).catch((failure: unknown) =>
            setError(asAppError(failure)),
          );
        }}
      >
        <option value={FIRST_READY}>The first provider that is ready, else Library reader</option>
        <option value={READER}>Library reader</option>
        {providers?.map(({ id, models }) => (
          <optgroup key={id} label={id}>
            {models.map((model) => (
              <option key={model} value={`${id}/${model}`}>
                {model}
              </option>
            ))}
          </optgroup>
        ))}
        {gone && <option value={route}>{`${route} (not there any more)`}</option>}
      </Select>
      {error && <ErrorBanner error={error} />}
    </>
  );
}
