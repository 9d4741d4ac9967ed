import type { LibraryMachine, LibrarySettings } from '../ports.ts';
import type { Author } from '../sync-jobs.ts';

const NAMELESS = 'Carrel';
/** As long as the settings allow; an account's name is never cut in practice. */
const MAX_CHARS = 254;

/**
 * Who a version is by: from the settings, else this account. What could break out of the line of a
 * commit (line ends, angle brackets, other control characters) is left out.
 */
export function authorOf(settings: LibrarySettings, machine: LibraryMachine): Author {
  const account = word(machine.username) || NAMELESS.toLowerCase();
  const host = word(machine.hostname) || 'localhost';
  const name = oneLine(settings['library.authorName'] ?? '');
  const email = word(settings['library.authorEmail'] ?? '');
  return {
    name: name || oneLine(machine.username) || NAMELESS,
    email: email || `${account}@${host}`,
  };
}

function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_CHARS);
}

/** Git ends an address at the first space. */
function word(text: string): string {
  return oneLine(text).replaceAll(' ', '.');
}
