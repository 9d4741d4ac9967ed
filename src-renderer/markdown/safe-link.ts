/** The only schemes that a text of others may link to. */
const SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/** Longest address that is offered as a link; the confirmation has to show all of it. */
const MAX_HREF_CHARS = 2_048;

/**
 * The address as it will be opened, or null where it must stay text: another scheme than http,
 * https or mailto, a relative address, control characters, blanks, backslashes, or a user name
 * before the host (`https://bank.example@evil.example`).
 */
export function safeHref(raw: string): string | null {
  if (raw.length > MAX_HREF_CHARS || deceives(raw)) return null;
  if (!/^(?:https?:\/\/|mailto:)[^/]/iu.test(raw)) return null;
  const parsed = URL.parse(raw);
  if (!parsed || !SCHEMES.has(parsed.protocol)) return null;
  if (parsed.username !== '' || parsed.password !== '') return null;
  if (parsed.protocol !== 'mailto:' && parsed.hostname === '') return null;
  return parsed.href;
}

/** Characters with which one address is made to look like another: controls, blanks, invisible ones, backslashes. */
function deceives(raw: string): boolean {
  for (const char of raw) {
    const code = char.charCodeAt(0);
    if (code <= 0x20 || (code >= 0x7f && code <= 0xa0) || char === '\\') return true;
    if (/[\u061C\u200B-\u200F\u2028-\u202F\u205F-\u206F\uFEFF]/u.test(char)) return true;
  }
  return false;
}

/** Host of an address for a person, or the scheme where it has none. Never throws. */
export function hostOf(raw: string): string {
  const parsed = URL.parse(raw);
  if (!parsed) return 'unknown place';
  return parsed.host === '' ? parsed.protocol.replace(/:$/u, '') : parsed.host;
}
