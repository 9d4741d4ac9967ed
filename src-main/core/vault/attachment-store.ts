import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attachments } from '../knowledge/ports.ts';
import { isMissing, writePrivateFile } from '../shared/private-file.ts';
import { seal, unseal } from './key-wrap.ts';
import { attachmentDamaged, attachmentMissing } from './vault-errors.ts';

export interface AttachmentStoreDeps {
  readonly dir: string;
  /** 32 bytes, derived from the data key for this purpose only. */
  readonly key: Buffer;
}

/** First bytes of every file: what it is, and the version of its format. */
const MAGIC = Buffer.from('CRLA\x01', 'latin1');
/** Ids that the engine makes; anything else could leave the folder. */
const SAFE_ID = /^[a-z0-9][a-z0-9-]{0,63}$/;

/**
 * Encrypted files, one per id: AES-256-GCM over the whole, the id bound to it, so that files can be
 * neither changed nor swapped. Written whole or not at all. Held in memory while read and written:
 * callers bound the size (10 MiB for an upload).
 */
export class AttachmentStore implements Attachments {
  readonly #deps: AttachmentStoreDeps;

  constructor(deps: AttachmentStoreDeps) {
    this.#deps = deps;
  }

  async put(id: string, bytes: Buffer): Promise<void> {
    const sealed = seal(this.#deps.key, bytes, bindingOf(id));
    await writePrivateFile(this.#fileOf(id), Buffer.concat([MAGIC, sealed]));
  }

  /** Errors: `vault/attachment-missing`, `vault/attachment-damaged`. */
  async get(id: string): Promise<Buffer> {
    const bytes = await this.#read(id);
    if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw attachmentDamaged(id);
    try {
      return unseal(this.#deps.key, bytes.subarray(MAGIC.length), bindingOf(id));
    } catch (error) {
      throw attachmentDamaged(id, error);
    }
  }

  /** Removing what is not there is fine. */
  async remove(id: string): Promise<void> {
    await rm(this.#fileOf(id), { force: true });
  }

  async #read(id: string): Promise<Buffer> {
    try {
      return await readFile(this.#fileOf(id));
    } catch (error) {
      if (isMissing(error)) throw attachmentMissing(id);
      throw error;
    }
  }

  #fileOf(id: string): string {
    if (!SAFE_ID.test(id)) throw new Error('not an id of an attachment');
    return join(this.#deps.dir, id);
  }
}

function bindingOf(id: string): string {
  return `carrel attachment 1 ${id}`;
}
