/** Fits one line of the conversation list. */
const MAX_TITLE_CHARS = 60;
/** Characters of a question that are looked at. */
const LOOKED_AT = 1_000;
const UNTITLED = 'New conversation';

/**
 * A title from the first question, without a model: its first line with words, freed of Markdown
 * marks and control characters, cut between words at 60 characters.
 */
export function titleOf(question: string): string {
  const lines = question
    .slice(0, LOOKED_AT)
    .split(/[\r\n]+/)
    .map((line) => plain(line));
  const line = lines.find((candidate) => /[\p{L}\p{N}]/u.test(candidate)) ?? UNTITLED;
  // The first sentence says what it is about, unless it is only a greeting.
  const sentence = /^.{12,}?[.!?](?=\s)/u.exec(line)?.[0] ?? line;
  return cut(sentence.replace(/[.:,;\s]+$/u, '')) || UNTITLED;
}

function plain(line: string): string {
  return line
    .replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]+/gu, ' ')
    .replace(/^\s*(?:#{1,6}\s|>+\s?|[-*+]\s|\d+[.)]\s|```\w*)+/u, '')
    .replaceAll(/\*\*|__|`|~~/g, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

function cut(text: string): string {
  if (text.length <= MAX_TITLE_CHARS) return text;
  const head = text.slice(0, MAX_TITLE_CHARS - 1);
  const space = head.lastIndexOf(' ');
  return `${(space > MAX_TITLE_CHARS / 2 ? head.slice(0, space) : head).trimEnd().replace(/[\u{D800}-\u{DBFF}]$/u, '')}…`;
}
