import type { Chunk } from './chunk.ts';
import { chunkProse } from './chunk-prose.ts';
import { isBlank } from './lines.ts';

const ATX = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;
const SETEXT = /^ {0,3}(=+|-+)[ \t]*$/;
/** Between the headings of a path: `Guide › Install`. */
const TITLE_JOINT = ' › ';

interface Heading {
  /** Zero-based. */
  readonly line: number;
  readonly level: number;
  readonly text: string;
}

/** One chunk per section, titled by the headings above it; long sections are cut like prose. */
export function chunkMarkdown(lines: readonly string[]): Chunk[] {
  const chunks: Chunk[] = [];
  const path: Heading[] = [];
  const headings = headingsOf(lines);
  const first = headings[0]?.line ?? lines.length;
  chunks.push(...chunkProse(lines.slice(0, first)));
  for (const [index, heading] of headings.entries()) {
    while ((path.at(-1)?.level ?? 0) >= heading.level) path.pop();
    path.push(heading);
    const end = headings[index + 1]?.line ?? lines.length;
    const title = path
      .map((part) => part.text)
      .filter((text) => text !== '')
      .join(TITLE_JOINT);
    for (const part of chunkProse(lines.slice(heading.line, end), heading.line)) {
      chunks.push({ ...part, title });
    }
  }
  return chunks;
}

/** Headings outside of fences and of the front matter. */
function headingsOf(lines: readonly string[]): Heading[] {
  const headings: Heading[] = [];
  let fence = '';
  for (let line = afterFrontMatter(lines); line < lines.length; line += 1) {
    const text = lines[line] ?? '';
    const mark = FENCE.exec(text);
    if (fence !== '') {
      if (mark?.[1]?.startsWith(fence) && mark[2]?.trim() === '') fence = '';
      continue;
    }
    if (mark?.[1] && !(mark[1].startsWith('`') && mark[2]?.includes('`'))) {
      fence = mark[1];
      continue;
    }
    const atx = ATX.exec(text);
    if (atx?.[1]) {
      headings.push({ line, level: atx[1].length, text: plain(atx[2] ?? '') });
      continue;
    }
    const under = SETEXT.exec(lines[line + 1] ?? '');
    if (under?.[1] && canUnderline(lines, line)) {
      headings.push({ line, level: under[1].startsWith('=') ? 1 : 2, text: plain(text) });
      line += 1;
    }
  }
  return headings;
}

/** A line over `===` is a heading where it stands alone: a list, quote or table line is not. */
function canUnderline(lines: readonly string[], line: number): boolean {
  const text = lines[line] ?? '';
  return (
    !isBlank(text) &&
    isBlank(lines[line - 1]) &&
    !/^(?: {4}|\t| {0,3}(?:[-*+>|]|\d+[.)]))/.test(text)
  );
}

function afterFrontMatter(lines: readonly string[]): number {
  if (lines[0]?.trimEnd() !== '---') return 0;
  const end = lines.findIndex((line, index) => index > 0 && /^(?:---|\.\.\.)\s*$/.test(line));
  return end < 0 ? 0 : end + 1;
}

/** A heading without its emphasis, code and link marks. */
function plain(text: string): string {
  return text
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[`*]|\{#[^}]*\}/g, '')
    .trim();
}
