import type { Settings } from './settings.ts';

/** What an empty `config.json` means. Free of zod: most starts need no more. */
export const DEFAULT_SETTINGS: Settings = {
  format: 1,
  'appearance.theme': 'system',
  'chat.route': null,
  'library.checkMinutes': 15,
  'library.updates': 'ask',
  'library.authorName': null,
  'library.authorEmail': null,
  'library.accelerator': false,
  'onboarding.done': false,
  'log.level': 'info',
};
