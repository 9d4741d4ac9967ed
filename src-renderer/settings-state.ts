import { create } from 'zustand';
import type { AppError } from '../src-contract/app-error.ts';
import type { SettingKey, Settings, SettingsProblem } from '../src-contract/settings.ts';
import { asAppError, call } from './bridge.ts';

/** The engine's settings, as every screen sees them. Null until they were read once. */
interface SettingsState {
  readonly values: Settings | null;
  readonly problems: readonly SettingsProblem[];
  readonly error: AppError | null;
}

export const useSettings = create<SettingsState>(() => ({
  values: null,
  problems: [],
  error: null,
}));

export async function readSettings(): Promise<void> {
  try {
    const { values, problems } = await call('settings.get', {});
    useSettings.setState({ values, problems, error: null });
  } catch (error) {
    useSettings.setState({ error: asAppError(error) });
  }
}

/** Changes one setting; shows at once, and goes back where the engine refuses. Throws `AppError`. */
export async function saveSetting<K extends SettingKey>(key: K, value: Settings[K]): Promise<void> {
  const before = useSettings.getState().values;
  if (before) useSettings.setState({ values: { ...before, [key]: value } });
  try {
    const { values } = await call('settings.set', { key, value });
    useSettings.setState({ values });
  } catch (error) {
    useSettings.setState({ values: before });
    throw error;
  }
}
