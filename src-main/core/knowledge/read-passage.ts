import { basename } from 'node:path';
import type { Passage } from '../../../src-contract/knowledge.ts';
import { sourceGone, unknownFile } from './errors.ts';
import type { IndexHandle } from './index/index-handle.ts';
import { MAX_PASSAGE_LINES } from './limits.ts';
import type { Attachments } from './ports.ts';
import { sourceText } from './source-text.ts';
import { shorten } from './text/window.ts';

export interface PassageRequest {
  readonly path: string;
  /** 1-based, inclusive. */
  readonly startLine: number;
  readonly endLine: number;
  /** Lines before and after. */
  readonly context: number;
}

/**
 * Lines of a document around a passage, at most MAX_PASSAGE_LINES.
 *
 * Errors: `knowledge/unknown-file`, `knowledge/source-gone`.
 */
export async function readPassage(
  index: IndexHandle,
  attachments: Attachments,
  collection: { readonly id: string; readonly name: string },
  request: PassageRequest,
): Promise<Passage> {
  const file = index.read((reader) => reader.file(collection.id, request.path));
  if (!file || file.state !== 'indexed') throw unknownFile(request.path);
  const { lines, stale } = await sourceText(file, attachments).catch((error: unknown) => {
    throw sourceGone(request.path, error);
  });
  const total = lines.length;
  // Lines may have gone since: then the end of the document is shown.
  const start = Math.min(request.startLine, Math.max(1, total));
  const end = Math.min(Math.max(request.endLine, start), total);
  const firstLine = Math.max(1, start - request.context);
  const lastLine = Math.min(total, end + request.context, firstLine + MAX_PASSAGE_LINES - 1);
  const title = index.read((reader) => reader.titleAt(file.id, start));
  return {
    collection: collection.name,
    path: file.path,
    title: title || basename(file.path),
    firstLine,
    lines: lines.slice(firstLine - 1, lastLine).map((line) => shorten(line)),
    totalLines: total,
    stale,
  };
}
