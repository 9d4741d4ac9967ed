import type { SettingKey, Settings, SettingsProblem } from '../../../src-contract/settings.ts';
import type { FeatureHandlers } from '../types.ts';

/** What the routes of the settings need of their service. */
export interface SettingsPort {
  readonly values: Settings;
  readonly problems: readonly SettingsProblem[];
  set(key: SettingKey, value: unknown): Promise<Settings>;
}

export function settingsHandlers(settings: SettingsPort): FeatureHandlers<'settings'> {
  return {
    'settings.get': () => ({ values: settings.values, problems: [...settings.problems] }),
    'settings.set': async ({ key, value }) => ({ values: await settings.set(key, value) }),
  };
}
