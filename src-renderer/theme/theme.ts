import type { Settings } from '../../src-contract/settings.ts';

export type Theme = Settings['appearance.theme'];

const STORAGE_KEY = 'carrel.theme';

/** Sets the theme of the window. Remembered here too, so that the next start is right before the engine answers. */
export function applyTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  window.localStorage.setItem(STORAGE_KEY, theme);
}

/** The theme of the last time; `system` where there was none or it is not one. */
export function lastTheme(): Theme {
  return asTheme(window.localStorage.getItem(STORAGE_KEY));
}

/** `system` for whatever is not a theme. */
export function asTheme(value: string | null): Theme {
  return value === 'light' || value === 'dark' ? value : 'system';
}
