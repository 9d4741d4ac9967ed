import { MAX_UPLOAD_BYTES } from '../../../src-contract/limits.ts';
import { tooLarge, tooManyUploads, uploadOrder } from './errors.ts';
import { MAX_OPEN_UPLOADS, UPLOAD_IDLE_MS } from './limits.ts';

export interface Piece {
  readonly uploadId: string;
  readonly offset: number;
  readonly bytes: Buffer;
  readonly last: boolean;
}

interface OpenUpload {
  readonly pieces: Buffer[];
  received: number;
  readonly timer: NodeJS.Timeout;
}

/** Puts uploads together in memory, so that no piece of them touches the disk in plain. */
export class Uploads {
  readonly #open = new Map<string, OpenUpload>();

  /**
   * Takes the next piece; gives all bytes with the last one. A piece at 0 begins anew.
   *
   * Errors: `knowledge/upload-order`, `knowledge/too-large`, `knowledge/too-many-uploads`.
   */
  take(piece: Piece): { readonly received: number; readonly whole: Buffer | null } {
    if (piece.offset === 0) this.#drop(piece.uploadId);
    const upload = this.#open.get(piece.uploadId) ?? this.#begin(piece.uploadId, piece.offset);
    if (piece.offset !== upload.received) throw uploadOrder(upload.received);
    if (upload.received + piece.bytes.length > MAX_UPLOAD_BYTES) {
      this.#drop(piece.uploadId);
      throw tooLarge(upload.received + piece.bytes.length);
    }
    upload.pieces.push(piece.bytes);
    upload.received += piece.bytes.length;
    upload.timer.refresh();
    if (!piece.last) return { received: upload.received, whole: null };
    this.#drop(piece.uploadId);
    return { received: upload.received, whole: Buffer.concat(upload.pieces) };
  }

  close(): void {
    for (const id of this.#open.keys()) this.#drop(id);
  }

  #begin(id: string, offset: number): OpenUpload {
    if (offset !== 0) throw uploadOrder(0);
    if (this.#open.size >= MAX_OPEN_UPLOADS) throw tooManyUploads();
    const timer = setTimeout(() => this.#drop(id), UPLOAD_IDLE_MS).unref();
    const upload: OpenUpload = { pieces: [], received: 0, timer };
    this.#open.set(id, upload);
    return upload;
  }

  #drop(id: string): void {
    const upload = this.#open.get(id);
    if (!upload) return;
    clearTimeout(upload.timer);
    this.#open.delete(id);
  }
}

/** The path of an upload as a collection shows it: relative, with slashes, without steps up. */
export function uploadPath(path: string): string {
  const parts = path
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
    .split(/[/\\]+/)
    .filter((part) => part !== '' && part !== '.' && part !== '..' && !/^[a-z]:$/i.test(part));
  return parts.join('/') || 'upload';
}
