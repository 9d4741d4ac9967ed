import { MAX_UPLOAD_BYTES } from '../../../src-contract/limits.ts';
import { asAppError, call } from '../../bridge.ts';
import { bytes } from '../../ui/format.ts';
import type { PickedFile } from './picked-files.ts';
import { failFile, patchJob, startJob, type Failure } from './jobs-state.ts';
import { readCollections } from './knowledge-state.ts';

/** Bytes of one piece: three quarters of the border's base64 limit, and divisible by 3, so that pieces join without padding. */
const PIECE_BYTES = 192 * 1024;

/**
 * Sends files piece by piece, one after the other; a browser gives no paths. Progress counts what the
 * engine has taken. Cancelling stops after the present piece: whole files that were sent stay.
 */
export async function uploadFiles(collection: string, files: readonly PickedFile[]): Promise<void> {
  let cancelled = false;
  const job = startJob(collection, `Adding to ${collection}`, () => {
    cancelled = true;
  });
  patchJob(job, { total: files.length });
  let stored = 0;
  for (const [i, { file, path }] of files.entries()) {
    if (cancelled) break;
    patchJob(job, { done: i, path });
    try {
      const problem = await uploadOne(collection, file, path, () => cancelled);
      if (problem) failFile(job, path, problem.message, problem.state);
      else if (!cancelled) stored += 1;
    } catch (error) {
      const failure = asAppError(error);
      if (isOver(failure.code)) {
        patchJob(job, { state: 'failed', error: failure.toShape() });
        await readCollections();
        return;
      }
      failFile(job, path, failure.message);
    }
  }
  const count = `${stored} of ${files.length} ${files.length === 1 ? 'file' : 'files'} added`;
  patchJob(job, {
    done: files.length,
    state: cancelled ? 'cancelled' : 'done',
    says: cancelled ? `Cancelled. ${count}.` : count,
  });
  await readCollections();
}

/** Resolves to what is wrong with the file, or null. Throws `AppError`. */
async function uploadOne(
  collection: string,
  file: File,
  path: string,
  isCancelled: () => boolean,
): Promise<Pick<Failure, 'message' | 'state'> | null> {
  if (file.size > MAX_UPLOAD_BYTES) {
    const message = `It has ${bytes(file.size)}; a file may have ${bytes(MAX_UPLOAD_BYTES)}.`;
    return { message, state: 'failed' };
  }
  const uploadId = crypto.randomUUID();
  let offset = 0;
  for await (const piece of pieces(file)) {
    if (isCancelled()) return null;
    const last = offset + piece.length >= file.size;
    const data = toBase64(piece);
    const { file: result } = await call('knowledge.upload', {
      collection,
      uploadId,
      path,
      offset,
      data,
      last,
    });
    offset += piece.length;
    if (result?.error) {
      return {
        message: result.error.message,
        state: result.state === 'skipped' ? 'skipped' : 'failed',
      };
    }
    if (last) return null;
  }
  return { message: 'It could not be read to its end.', state: 'failed' };
}

/** A file's bytes in pieces of equal size, read as a stream: memory holds one piece. */
async function* pieces(file: File): AsyncGenerator<Uint8Array> {
  if (file.size === 0) yield new Uint8Array();
  const reader = file.stream().getReader();
  let held = new Uint8Array();
  for (;;) {
    const { done, value } = await reader.read();
    if (value) {
      const joined = new Uint8Array(held.length + value.length);
      joined.set(held);
      joined.set(value, held.length);
      held = joined;
    }
    while (held.length >= PIECE_BYTES) {
      yield held.subarray(0, PIECE_BYTES);
      held = held.slice(PIECE_BYTES);
    }
    if (done) break;
  }
  if (held.length > 0) yield held;
}

function toBase64(piece: Uint8Array): string {
  let binary = '';
  // In parts: a call takes only so many arguments.
  for (let i = 0; i < piece.length; i += 8_192) {
    binary += String.fromCharCode(...piece.subarray(i, i + 8_192));
  }
  return btoa(binary);
}

/** The engine is gone or refuses all: the next file would fail the same way. */
function isOver(code: string): boolean {
  return code.startsWith('engine/') || code.startsWith('vault/') || code === 'knowledge/read-only';
}
