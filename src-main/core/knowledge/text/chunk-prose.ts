import type { Chunk } from './chunk.ts';
import { isBlank } from './lines.ts';

/** Characters of a full chunk: some 400 words, a screenful. A single longer line is never cut. */
const FULL_CHARS = 2_400;
/** Lines of a full chunk, for lists and tables of short lines. */
const FULL_LINES = 60;
/** Below this a paragraph is joined with the next: a lone line has too little to rank by. */
const SMALL_CHARS = 600;

/** Cuts text at blank lines, joining small paragraphs and cutting long ones at a line's end. */
export function chunkProse(lines: readonly string[], offset = 0): Chunk[] {
  const chunks: Chunk[] = [];
  let start = 0;
  let chars = 0;
  const cut = (end: number): void => {
    if (end > start) {
      chunks.push({ startLine: offset + start + 1, endLine: offset + end, title: '', symbols: [] });
    }
    start = end;
    chars = 0;
  };
  for (const [index, line] of lines.entries()) {
    const isFull = chars + line.length > FULL_CHARS || index - start >= FULL_LINES;
    const startsParagraph = isBlank(lines[index - 1]) && !isBlank(line);
    if (chars > 0 && (isFull || (startsParagraph && chars >= SMALL_CHARS))) cut(index);
    chars += isBlank(line) ? 0 : line.length;
  }
  cut(lines.length);
  return chunks;
}
