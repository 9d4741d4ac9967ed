import { AppError } from '../../../src-contract/app-error.ts';
import type { FileRow } from './index/reader.ts';
import { decodeText, hashOf, readBytes } from './index/read-text.ts';
import { linesOf } from './text/lines.ts';
import type { Attachments } from './ports.ts';

/** Origins that begin so are uploads: the rest is the id of the attachment. */
export const UPLOAD_ORIGIN = 'upload:';

export interface SourceText {
  readonly lines: readonly string[];
  /** It is not the text that was indexed. */
  readonly stale: boolean;
}

/**
 * Reads a document where it is: from disk, or from the encrypted attachments.
 *
 * Errors: `knowledge/unreadable`, `knowledge/too-large`, `knowledge/not-text` (it changed since),
 * `vault/attachment-damaged`.
 */
export async function sourceText(file: FileRow, attachments: Attachments): Promise<SourceText> {
  if (file.origin.startsWith(UPLOAD_ORIGIN)) {
    const bytes = await attachments.get(file.origin.slice(UPLOAD_ORIGIN.length));
    return { lines: linesOf(decodeText(bytes)), stale: false };
  }
  const { bytes, mtime } = await readBytes(file.origin);
  const isAsIndexed = file.mtime === mtime && file.bytes === bytes.length;
  return {
    lines: linesOf(decodeText(bytes)),
    stale: !isAsIndexed && hashOf(bytes) !== file.hash,
  };
}

/** The same, where a document that can't be read is null. Errors that are not the document's own are thrown on. */
export async function sourceTextIfThere(
  file: FileRow,
  attachments: Attachments,
): Promise<SourceText | null> {
  try {
    return await sourceText(file, attachments);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
