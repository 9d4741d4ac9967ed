import { parseDocument } from 'yaml';
import { MAX_YAML_ALIASES, MAX_YAML_CHARS } from '../limits.ts';

/** Values of a YAML mapping, own properties only. */
export type Fields = Readonly<Record<string, unknown>>;

export interface FrontMatter {
  readonly fields: Fields;
  readonly body: string;
  readonly problems: readonly string[];
}

/** Problems of one item that are told; the rest follows from the first ones. */
const MAX_YAML_PROBLEMS = 5;

/** Splits `---` front matter from the body. Never throws: what is wrong is in `problems`. */
export function splitFrontMatter(text: string): FrontMatter {
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (!OPEN.test(plain)) return { fields: {}, body: plain, problems: [] };
  const range = frontMatterRange(plain);
  if (!range) {
    return { fields: {}, body: plain, problems: ['The front matter has no closing line ("---").'] };
  }
  const { fields, problems } = parseFields(plain.slice(range.start, range.end));
  return { fields, body: plain.slice(range.body).replace(/^\r?\n/, ''), problems };
}

const OPEN = /^\ufeff?---[ \t]*\r?\n/;
const CLOSE = /^---[ \t]*(?:\r?\n|$)/m;

/** Where the YAML of a text begins and ends, and what follows its closing line; null without front matter. */
export function frontMatterRange(
  text: string,
): { start: number; end: number; body: number } | null {
  const open = OPEN.exec(text);
  if (!open) return null;
  const start = open[0].length;
  const close = CLOSE.exec(text.slice(start));
  if (!close) return null;
  const end = start + close.index;
  return { start, end, body: end + close[0].length };
}

/**
 * Parses a YAML mapping: bounded in size and aliases, the core schema only, so that no tag makes
 * anything but text, numbers, booleans, lists and mappings. Never throws.
 */
export function parseFields(yaml: string): { fields: Fields; problems: string[] } {
  if (yaml.length > MAX_YAML_CHARS) return { fields: {}, problems: ['The YAML is too long.'] };
  try {
    const document = parseDocument(yaml, {
      schema: 'core',
      prettyErrors: false,
      stringKeys: true,
      uniqueKeys: true,
      logLevel: 'silent',
    });
    const problems = [...document.errors, ...document.warnings]
      .slice(0, MAX_YAML_PROBLEMS)
      .map((problem) => `YAML: ${firstLine(problem.message)}`);
    if (document.errors.length > 0) return { fields: {}, problems };
    const value: unknown = document.toJS({ maxAliasCount: MAX_YAML_ALIASES });
    if (value === null) return { fields: {}, problems };
    if (typeof value !== 'object' || Array.isArray(value)) {
      return { fields: {}, problems: [...problems, 'The YAML is not a list of "key: value".'] };
    }
    return { fields: value as Fields, problems };
  } catch (error) {
    // Aliases over their limit, and nesting that overflows the stack, are thrown.
    const message = error instanceof Error ? error.message : String(error);
    return { fields: {}, problems: [`YAML: ${firstLine(message)}`] };
  }
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 200);
}
