import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { looksSecret, notText, notYetSupported, tooLarge, unreadable } from '../errors.ts';
import { MAX_FILE_BYTES } from '../limits.ts';
import { kindOf, type TextKind } from '../text/kinds.ts';

export interface FileBytes {
  readonly bytes: Buffer;
  /** Milliseconds, with fractions where the file system has them. */
  readonly mtime: number;
}

/** A link in the place of the file is refused and a pipe never waited for. Windows has neither flag nor need. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a plain file of at most MAX_FILE_BYTES.
 *
 * Errors: `knowledge/unreadable` (also for what is not a plain file), `knowledge/too-large`.
 */
export async function readBytes(path: string): Promise<FileBytes> {
  const handle = await open(path, FLAGS).catch((error: unknown) => {
    throw unreadable(error);
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw unreadable(new Error('not a plain file'));
    if (stat.size > MAX_FILE_BYTES) throw tooLarge(stat.size);
    const bytes = await handle.readFile().catch((error: unknown) => {
      throw unreadable(error);
    });
    // It may have grown between the look and the read.
    if (bytes.length > MAX_FILE_BYTES) throw tooLarge(bytes.length);
    return { bytes, mtime: stat.mtimeMs };
  } finally {
    await handle.close();
  }
}

/** The kind of a file that can be indexed. Errors: `knowledge/not-yet-supported`, `knowledge/looks-secret`. */
export function textKind(path: string): TextKind {
  const kind = kindOf(path);
  switch (kind) {
    case 'secret':
      throw looksSecret();
    case 'unsupported':
      throw notYetSupported(extname(path).slice(1).toLowerCase());
    case 'markdown':
    case 'text':
    case 'code':
      return kind;
  }
}

/** Text of UTF-8 bytes, without a byte-order mark. Throws `knowledge/not-text`. */
export function decodeText(bytes: Uint8Array): string {
  // A zero byte is legal UTF-8 but in no text: it marks binary files and UTF-16.
  if (bytes.includes(0)) throw notText();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notText();
  }
}

/** SHA-256, hex. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
