import { chunk, type Chunk } from '../text/chunk.ts';
import type { TextKind } from '../text/kinds.ts';
import { linesOf } from '../text/lines.ts';
import { indexable } from '../text/words.ts';
import { MAX_CHUNKS_PER_FILE, MAX_LINE_CHARS } from '../limits.ts';

/** The columns of one chunk in the index. */
export interface IndexedChunk extends Chunk {
  readonly columns: readonly [path: string, title: string, body: string, symbols: string];
}

export interface IndexedDocument {
  readonly chunks: readonly IndexedChunk[];
  /** Some line was longer than what is indexed of a line, or the file had too many chunks. */
  readonly cut: boolean;
}

/** Everything the index holds of a text. `title` is the document's own, where it has one beside its path. */
export function toDocument(
  path: string,
  kind: TextKind,
  text: string,
  title = '',
): IndexedDocument {
  const full = linesOf(text);
  const lines = full.map((line) => line.slice(0, MAX_LINE_CHARS));
  const all = chunk(kind, lines);
  const pathColumn = indexable(path);
  const chunks = all.slice(0, MAX_CHUNKS_PER_FILE).map((part): IndexedChunk => {
    // A code chunk's title is one of its symbols already.
    const heading = kind === 'code' ? '' : part.title;
    return {
      ...part,
      title: part.title || title,
      columns: [
        pathColumn,
        indexable(title && heading ? `${title}\n${heading}` : title || heading),
        indexable(lines.slice(part.startLine - 1, part.endLine).join('\n')),
        indexable(part.symbols.join(' ')),
      ],
    };
  });
  return {
    chunks,
    cut: all.length > chunks.length || full.some((line) => line.length > MAX_LINE_CHARS),
  };
}
