import { chunkCode } from './chunk-code.ts';
import { chunkMarkdown } from './chunk-markdown.ts';
import { chunkProse } from './chunk-prose.ts';
import type { TextKind } from './kinds.ts';
import { isBlank } from './lines.ts';

/** A passage that is indexed and found as one. Lines are 1-based and inclusive; blank lines at its ends are left out. */
export interface Chunk {
  readonly startLine: number;
  readonly endLine: number;
  /** Heading path, or the definition it is or belongs to; empty where there is none. */
  readonly title: string;
  /** Names defined in it, and the definition it is inside of. */
  readonly symbols: readonly string[];
}

/** Cuts a text into chunks: in order, without overlap, each line that is not blank in exactly one. */
export function chunk(kind: TextKind, lines: readonly string[]): Chunk[] {
  switch (kind) {
    case 'markdown':
      return trimmed(chunkMarkdown(lines), lines);
    case 'text':
      return trimmed(chunkProse(lines), lines);
    case 'code':
      return trimmed(chunkCode(lines), lines);
  }
}

/** Takes blank lines off both ends and drops what is blank altogether. */
function trimmed(chunks: readonly Chunk[], lines: readonly string[]): Chunk[] {
  const kept: Chunk[] = [];
  for (const chunk of chunks) {
    let { startLine, endLine } = chunk;
    while (startLine <= endLine && isBlank(lines[startLine - 1])) startLine += 1;
    while (endLine >= startLine && isBlank(lines[endLine - 1])) endLine -= 1;
    if (startLine <= endLine) kept.push({ ...chunk, startLine, endLine });
  }
  return kept;
}
