import type { SettingsProblem } from '../../../src-contract/settings.ts';
import { makeCheck } from './make-check.ts';
import type { HealthSource } from './ports.ts';

/** What Health needs of the settings. */
export interface SettingsFacts {
  readonly problems: readonly SettingsProblem[];
}

/** Tells what was wrong with the configuration file, until the next start. */
export function settingsChecks(settings: SettingsFacts): HealthSource {
  return {
    checks: () => {
      const shown = { id: 'settings', title: 'Settings' };
      const [first, ...more] = settings.problems;
      if (!first) {
        return Promise.resolve([makeCheck({ ...shown, state: 'ok', message: 'Read and valid.' })]);
      }
      const others = more.length === 0 ? '' : ` And ${more.length} more.`;
      return Promise.resolve([
        makeCheck({
          ...shown,
          state: 'warn',
          value: settings.problems.length,
          unit: 'problems',
          message: `${first.message}${others}`,
          remedy: first.remedy,
          action: 'open-settings',
        }),
      ]);
    },
  };
}
