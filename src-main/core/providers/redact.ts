/** Characters of a server's own words that are shown. */
const MAX_TOLD_CHARS = 300;
const KEY_LIKE = /\b(?:sk|pk|rk|key|gsk|xai)[-_][\w-]{8,}/gi;
const BEARER = /\bbearer\s+[\w.~+/=-]+/gi;

/**
 * What a server said, made fit to show and to store: the key and whatever looks like one are taken
 * out, control characters and line breaks become spaces, the rest is cut to 300 characters.
 */
export function redact(text: string, key: string | null): string {
  const withoutKey = key ? text.replaceAll(key, '[key]') : text;
  const clean = withoutKey
    .replaceAll(BEARER, '[key]')
    .replaceAll(KEY_LIKE, '[key]')
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  return clean.length > MAX_TOLD_CHARS ? `${clean.slice(0, MAX_TOLD_CHARS - 1)}…` : clean;
}
