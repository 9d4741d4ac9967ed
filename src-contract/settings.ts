import { z } from 'zod';
import { routeId } from './chat.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { command, nothing, query } from './define.ts';
import { lazy } from './lazy.ts';

/** The whole of `config.json`. Every key has a default, so an empty file is valid. */
export const settings = lazy(() =>
  z.object({
    /** Version of this file's format. */
    format: z.literal(1).default(DEFAULT_SETTINGS.format),
    'appearance.theme': z
      .enum(['system', 'light', 'dark'])
      .default(DEFAULT_SETTINGS['appearance.theme']),
    /** Route of new conversations; null means the first ready provider, else Library reader. */
    'chat.route': routeId().nullable().default(DEFAULT_SETTINGS['chat.route']),
    /** Minutes between two looks at the library's remote; 0 never looks by itself. */
    'library.checkMinutes': z
      .int()
      .min(0)
      .max(1_440)
      .default(DEFAULT_SETTINGS['library.checkMinutes']),
    /** Whether a new version of the team is taken by itself or offered. */
    'library.updates': z.enum(['ask', 'take']).default(DEFAULT_SETTINGS['library.updates']),
    /** Who published versions are by; null takes the name of this account. */
    'library.authorName': z
      .string()
      .max(120)
      .nullable()
      .default(DEFAULT_SETTINGS['library.authorName']),
    'library.authorEmail': z
      .string()
      .max(254)
      .nullable()
      .default(DEFAULT_SETTINGS['library.authorEmail']),
    /** Fetch through the Git program of this machine where there is one; what it fetched is verified the same. */
    'library.accelerator': z.boolean().default(DEFAULT_SETTINGS['library.accelerator']),
    /** First start was finished or skipped. */
    'onboarding.done': z.boolean().default(DEFAULT_SETTINGS['onboarding.done']),
    'log.level': z.enum(['debug', 'info', 'warn', 'error']).default(DEFAULT_SETTINGS['log.level']),
  }),
);
export interface Settings {
  format: 1;
  'appearance.theme': 'system' | 'light' | 'dark';
  'chat.route': string | null;
  'library.checkMinutes': number;
  'library.updates': 'ask' | 'take';
  'library.authorName': string | null;
  'library.authorEmail': string | null;
  'library.accelerator': boolean;
  'onboarding.done': boolean;
  'log.level': 'debug' | 'info' | 'warn' | 'error';
}
export type SettingKey = keyof Settings;

export const settingKey = lazy(() => settings().keyof());

/** A problem of the configuration file, with what was done about it. */
export const settingsProblem = lazy(() =>
  z.object({
    code: z.string(),
    message: z.string(),
    remedy: z.string(),
  }),
);
export type SettingsProblem = z.infer<ReturnType<typeof settingsProblem>>;

export const settingsRoutes = {
  'settings.get': query('All settings, and what was wrong with the file.', nothing, () =>
    z.object({ values: settings(), problems: z.array(settingsProblem()) }),
  ),
  'settings.set': command(
    'Changes one setting. The value is checked against its schema.',
    () =>
      z.strictObject({
        key: settingKey(),
        value: z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()]),
      }),
    () => z.object({ values: settings() }),
  ),
} as const;
