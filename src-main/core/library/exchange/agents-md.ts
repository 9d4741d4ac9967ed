import { createHash } from 'node:crypto';
import type { LibraryContent } from './read-library.ts';

/** The part of an AGENTS.md that is ours ends here; everything outside is the person's. */
const END = '<!-- carrel:end -->';
const SECTION = /<!-- carrel:begin ([0-9a-f]{16}) -->\n([^]*?)<!-- carrel:end -->\n?/;

/** Where the agents format keeps Carrel's own files. */
export const AGENTS_FOLDER = '.agents';

/** The section, with a hash of its text in its first line: what a person changed in it is noticed. */
export function section(content: LibraryContent, paths: ReadonlyMap<string, string>): string {
  const lists = [
    list(
      'Agents',
      'To work as one of these, read its file and follow the text below its front matter.',
      content.texts
        .filter(({ kind }) => kind === 'agent')
        .map(({ path, parsed }) => line(parsed, paths.get(path))),
    ),
    list(
      'Skills',
      'Read the SKILL.md when its description fits the task.',
      content.skills.map(({ name, parsed }) =>
        line(parsed, `${AGENTS_FOLDER}/skills/${name}/SKILL.md`),
      ),
    ),
    list(
      'Prompts',
      'Texts for tasks that come again; {{names}} in them are to be filled in.',
      content.texts
        .filter(({ kind }) => kind === 'prompt')
        .map(({ path, parsed }) => line(parsed, paths.get(path))),
    ),
  ].filter((text) => text !== '');
  const text = `## Team library\n\n${lists.join('\n')}`;
  return `<!-- carrel:begin ${hash(text)} -->\n${text}${END}\n`;
}

/**
 * An AGENTS.md with the section in its place: where it stands, else at the end. Null where somebody
 * changed the section by hand.
 */
export function withSection(text: string, ours: string): string | null {
  const found = SECTION.exec(text);
  if (!found) {
    if (text.includes('<!-- carrel:begin') || text.includes(END)) return null;
    return text === '' ? ours : `${text}${text.endsWith('\n') ? '' : '\n'}\n${ours}`;
  }
  const [whole, said, inner = ''] = found;
  if (hash(inner) !== said) return null;
  return text.slice(0, found.index) + ours + text.slice(found.index + whole.length);
}

/** An AGENTS.md without the section, as it was before one was added. */
export function withoutSection(text: string): string {
  const found = SECTION.exec(text);
  if (!found) return text;
  const before = text.slice(0, found.index);
  const after = text.slice(found.index + found[0].length);
  return (after === '' ? before.replace(/\n\n$/, '\n') : before) + after;
}

function list(title: string, how: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `### ${title}\n\n${how}\n\n${lines.join('\n')}\n`;
}

/** Names and descriptions come from anybody: one line each, and nothing that ends a comment or begins a link. */
function line({ name, description }: { name: string; description: string }, path = ''): string {
  const tail = description === '' ? '' : `: ${plain(description)}`;
  return `- [${plain(name)}](<${path}>)${tail}`;
}

function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').replaceAll(/[[\]<>`\\]/g, '\\$&');
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
