import MarkdownParser, { type MarkdownIt, type Token } from 'markdown-it';
import { safeHref } from './safe-link.ts';

export type { MarkdownIt, Token };

/** Reference definitions by their normalised label. */
export type References = Record<string, { title: string; href: string }>;

/**
 * CommonMark with tables and strikethrough. HTML stays text, addresses that are not safe stay text,
 * and plain addresses are not made into links. Escaped characters keep tokens of their own
 * (`text_join` is off), so that `\[1]` is never taken for a citation.
 */
export function createParser(): MarkdownIt {
  const parser = new MarkdownParser('default', { html: false, linkify: false, typographer: false });
  parser.core.ruler.disable(['linkify', 'replacements', 'smartquotes', 'text_join']);
  parser.validateLink = (url) => safeHref(url) !== null;
  return parser;
}
