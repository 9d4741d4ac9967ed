/** What may be handed to the operating system: pages and mail. Custom schemes start programs. */
const ALLOWED = new Set(['http:', 'https:', 'mailto:']);
/** Longest URL that common browsers take from the command line. */
const MAX_LENGTH = 2_048;

/**
 * The one check before `shell.openExternal`: the URL in its parsed form, or null. Refuses other
 * schemes, credentials, control characters, backslashes and anything that the parser had to repair.
 */
export function externalUrl(text: string): string | null {
  if (text.length > MAX_LENGTH || /[\p{Cc}\p{Cf}\s\\]/u.test(text) || !URL.canParse(text)) {
    return null;
  }
  const url = new URL(text);
  if (!ALLOWED.has(url.protocol) || url.username !== '' || url.password !== '') return null;
  if (url.protocol !== 'mailto:' && !/^https?:\/\//i.test(text)) return null;
  return url.href;
}
