/** What stands where a secret stood. */
export const REDACTED = '[redacted]';

/** Longest text that is searched for secrets; what is cut off is cut at white space, never inside a secret. */
const MAX_SEARCHED_CHARS = 8_192;

type Replacement = readonly [pattern: RegExp, by: string];

/** Shapes of secrets, each linear in the length of the text. A false alarm costs a word of a log line. */
const REPLACEMENTS: readonly Replacement[] = [
  // PEM blocks, also cut short.
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*-----)?/g, REDACTED],
  // The key of a database in a statement.
  [/\bx'[0-9a-f]{16,}'/gi, REDACTED],
  // Credentials in URLs: user and password, or a token alone.
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/?#@"']+@/gi, `$1${REDACTED}@`],
  // Header values.
  [
    /\b(authorization|cookie|x-api-key|api-key)(["']?\s*[:=]\s*["']?)[^\r\n"']+/gi,
    `$1$2${REDACTED}`,
  ],
  [/\b(bearer)\s+[\w.~+/=-]{6,}/gi, `$1 ${REDACTED}`],
  // Tokens that show their maker: OpenAI and those like it, GitHub, GitLab, Slack, Google, AWS, Hugging Face, age.
  [/\b(?:sk|pk|rk)-[\w-]{6,}/g, REDACTED],
  [/\bgh[pousr]_\w{6,}|\bgithub_pat_\w{6,}|\bglpat-[\w-]{6,}|\bhf_\w{10,}/g, REDACTED],
  [/\bxox[a-z]-[\w-]{6,}|\bAIza[\w-]{10,}|\bAKIA[0-9A-Z]{10,}|\bAGE-SECRET-KEY-1\w+/g, REDACTED],
  [/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g, REDACTED],
  // Named values: a password of any form, and long hex or base64 after "key" or "token".
  [
    /\b(pass(?:word|phrase|wd)?|secret|(?:access|refresh|id|auth|api)[-_ ]?token)(["']?\s*[:=]\s*["']?)[^\s"'&,;]+/gi,
    `$1$2${REDACTED}`,
  ],
  [
    /((?:key|token|secret|signature|sig)\b["']?\s*(?:is|[:=])?\s*["']?)[\w+/=-]{16,}/gi,
    `$1${REDACTED}`,
  ],
  [/([?&](?:key|token|code|sig|signature)=)[^\s&#"']+/gi, `$1${REDACTED}`],
];

/** Names of members whose text never belongs into a log. */
const SECRET_NAME =
  /pass(word|phrase|wd)|secret|credential|authorization|cookie|bearer|private_?key|api_?key|access_?key|data_?key|raw_?key|token$|^(key|auth|pin|dek)$/i;

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.replaceAll(/[-\s]/g, '_'));
}

/** The text without what looks like a secret, at most `maxChars` long. */
export function redactText(text: string, maxChars: number): string {
  let shown = text;
  if (shown.length > MAX_SEARCHED_CHARS) {
    shown = shown.slice(0, MAX_SEARCHED_CHARS).replace(/\S{0,8192}$/, '');
  }
  for (const [pattern, by] of REPLACEMENTS) shown = shown.replace(pattern, by);
  return shown.length > maxChars ? `${shown.slice(0, maxChars)}…` : shown;
}
