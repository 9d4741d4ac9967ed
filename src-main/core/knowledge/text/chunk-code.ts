import type { Chunk } from './chunk.ts';
import { indentOf, isBlank } from './lines.ts';

/** Fewer lines say too little to rank by; more is no longer a passage. */
const MIN_LINES = 15;
const MAX_LINES = 60;
/** Names taken from one chunk: a generated table of constants must not drown its file. */
const MAX_SYMBOLS = 60;

const MODIFIERS =
  '(?:(?:export|default|declare|async|public|private|protected|internal|static|final|abstract|override|virtual|inline|extern|const|unsafe|pub(?:\\([^)]*\\))?|open|sealed|data|readonly|local)\\s+)*';
const KEYWORDS =
  'function\\*?|class|interface|type|enum|struct|union|trait|impl|mod|module|namespace|package|object|record|protocol|extension|def|defp|defmodule|fn|func|fun|sub|proc|procedure|macro|macro_rules!|const|let|var|val|typedef|#define|create\\s+(?:or\\s+replace\\s+)?(?:table|view|function|procedure|index|trigger)(?:\\s+if\\s+not\\s+exists)?';
const DEFINITION = new RegExp(
  `^${MODIFIERS}(?:${KEYWORDS})\\s+(?:\\([^)]*\\)\\s*)?["'\`]?([\\p{L}_$][\\p{L}\\p{N}_$]*)`,
  'iu',
);
const NAME_CHARACTER = /[\p{L}\p{N}_$]/u;
const NOT_A_NAME =
  /^(?:if|else|for|while|switch|catch|return|do|try|new|await|yield|throw|case|with|function)$/;
const CLOSING = /^[\])}>]|^<\/|^(?:end|else|elif|except|finally|catch|fi|done|esac)\b/;
const LEADING = /^(?:\/\/|\/\*|\*|#(?!define|include)|--|@|"""|;)/;

/**
 * Cuts source code without a parser: at lines without indentation that begin a definition or follow
 * a blank line, keeping the comment above with it; chunks have 15 to 60 lines.
 */
export function chunkCode(lines: readonly string[]): Chunk[] {
  const chunks: Chunk[] = [];
  let start = 0;
  let enclosing = '';
  let last = 0;
  const cut = (end: number): void => {
    if (end <= start) return;
    const found = symbolsOf(lines, start, end);
    const inside = indentOf(lines[start] ?? '') > 0 ? enclosing : '';
    const symbols = [...new Set([...(inside ? [inside] : []), ...found.all])];
    const title = inside || (found.top[0] ?? found.all[0] ?? '');
    chunks.push({ startLine: start + 1, endLine: end, title, symbols });
    enclosing = found.top.at(-1) ?? enclosing;
    start = end;
  };
  while (last < lines.length) {
    last += 1;
    const length = last - start;
    if (length >= MIN_LINES && lines.length - last >= MIN_LINES && isBorder(lines, last)) {
      cut(withComment(lines, last, start + MIN_LINES));
    } else if (length >= MAX_LINES && last < lines.length) {
      cut(innerBorder(lines, start + MIN_LINES, last));
      last = start;
    }
  }
  cut(lines.length);
  return chunks;
}

/** A line at the left edge that opens something new. */
function isBorder(lines: readonly string[], index: number): boolean {
  const line = lines[index] ?? '';
  if (isBlank(line) || indentOf(line) > 0 || CLOSING.test(line)) return false;
  return isBlank(lines[index - 1]) || DEFINITION.test(line);
}

/** Moves a border up over the comments and decorators that belong to the definition below it. */
function withComment(lines: readonly string[], index: number, floor: number): number {
  let at = index;
  while (at > floor && LEADING.test((lines[at - 1] ?? '').trimStart())) at -= 1;
  return at;
}

/** Best place to cut inside something long: the least indented line after a blank one, the later the better. */
function innerBorder(lines: readonly string[], from: number, to: number): number {
  let best = to;
  let bestIndent = Number.POSITIVE_INFINITY;
  for (let index = to; index >= from; index -= 1) {
    const line = lines[index] ?? '';
    if (isBlank(line) || CLOSING.test(line.trimStart())) continue;
    if (!isBlank(lines[index - 1]) && !DEFINITION.test(line.trimStart())) continue;
    if (indentOf(line) < bestIndent) {
      best = index;
      bestIndent = indentOf(line);
    }
  }
  return best;
}

function symbolsOf(
  lines: readonly string[],
  start: number,
  end: number,
): { readonly top: readonly string[]; readonly all: readonly string[] } {
  const top: string[] = [];
  const all: string[] = [];
  for (let index = start; index < end && all.length < MAX_SYMBOLS; index += 1) {
    const line = lines[index] ?? '';
    // A longer line is data or minified: its names are not definitions a person would look for.
    if (line.length > 400) continue;
    const name = symbolOf(line.trimStart());
    if (name === '') continue;
    all.push(name);
    if (indentOf(line) === 0) top.push(name);
  }
  return { top, all };
}

function symbolOf(line: string): string {
  const name = DEFINITION.exec(line)?.[1] ?? calledName(line);
  return NOT_A_NAME.test(name) ? '' : name;
}

/** `name(…) {`, `name = (…) =>`, `Type name(…) {`: methods and C-like functions. By hand, as a regular expression would backtrack. */
function calledName(line: string): string {
  const open = line.indexOf('(');
  if (open <= 0) return '';
  const tail = line.trimEnd();
  if (!tail.endsWith('{') && !tail.includes('=>')) return '';
  let end = open;
  while (end > 0 && ' \t='.includes(line[end - 1] ?? '')) end -= 1;
  let start = end;
  while (start > 0 && NAME_CHARACTER.test(line[start - 1] ?? '')) start -= 1;
  return line.slice(start, end);
}
