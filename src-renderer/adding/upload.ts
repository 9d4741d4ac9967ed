import { AppError } from '../../src-contract/app-error.ts';
import type { KnowledgeFile } from '../../src-contract/knowledge.ts';
import { MAX_UPLOAD_BYTES, MAX_UPLOAD_CHUNK_CHARS } from '../../src-contract/limits.ts';
import { call } from '../bridge.ts';
import type { UploadFile } from './read-drop.ts';

/** Bytes of one piece: three become four characters of base64. */
const PIECE_BYTES = (MAX_UPLOAD_CHUNK_CHARS / 4) * 3;

/**
 * Sends one file up, piece by piece, and returns its state in the collection. `isCancelled` is asked
 * before each piece; then it returns null and the engine forgets the pieces. Throws `AppError`;
 * `knowledge/too-large` before anything is sent.
 */
export async function uploadFile(
  collection: string,
  { path, file }: UploadFile,
  isCancelled: () => boolean,
): Promise<KnowledgeFile | null> {
  if (file.size > MAX_UPLOAD_BYTES) {
    throw new AppError('knowledge/too-large', 'This file is larger than 10 MB.', {
      remedy: 'Split it, or leave it out.',
    });
  }
  const uploadId = crypto.randomUUID();
  let offset = 0;
  for (;;) {
    if (isCancelled()) return null;
    const end = Math.min(offset + PIECE_BYTES, file.size);
    const last = end === file.size;
    const data = await base64Of(file.slice(offset, end));
    const { file: stored } = await call('knowledge.upload', {
      collection,
      uploadId,
      path,
      offset,
      data,
      last,
    });
    if (last) return stored;
    offset = end;
  }
}

/** The browser's own encoder: no copy of the bytes in script. */
function base64Of(piece: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => {
      const address = typeof reader.result === 'string' ? reader.result : '';
      resolve(address.slice(address.indexOf(',') + 1));
    });
    reader.addEventListener('error', () =>
      reject(
        new AppError('knowledge/unreadable', 'The browser could not read this file.', {
          remedy: 'Check that it still exists and that you may read it, then add it again.',
          cause: reader.error,
        }),
      ),
    );
    reader.readAsDataURL(piece);
  });
}
