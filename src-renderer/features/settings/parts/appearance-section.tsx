import { useState } from 'react';
import type { AppError } from '../../../../src-contract/app-error.ts';
import { asAppError } from '../../../bridge.ts';
import { saveSetting, useSettings } from '../../../settings-state.ts';
import type { Theme } from '../../../theme/theme.ts';
import { ErrorBanner } from '../../../ui/error-banner.tsx';
import { Segment } from '../../../ui/segment.tsx';

const THEMES: readonly { readonly value: Theme; readonly label: string }[] = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

export function AppearanceSection() {
  const theme = useSettings((state) => state.values?.['appearance.theme'] ?? 'system');
  const [error, setError] = useState<AppError | null>(null);
  return (
    <>
      <div className="setting">
        <div className="grow">
          <h2>Theme</h2>
          <p className="ink-2">System follows the computer, and changes with it.</p>
        </div>
        <Segment
          name="Theme"
          size="normal"
          value={theme}
          options={THEMES}
          onChange={(next) => {
            setError(null);
            saveSetting('appearance.theme', next).catch((failure: unknown) =>
              setError(asAppError(failure)),
            );
          }}
        />
      </div>
      <p className="ink-3 small">
        Text size follows the zoom of the window (Ctrl + and Ctrl -). Motion follows the computer’s
        own setting.
      </p>
      {error && <ErrorBanner error={error} />}
    </>
  );
}
