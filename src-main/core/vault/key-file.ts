import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing, writePrivateFile } from '../shared/private-file.ts';
import { newKey } from './key-wrap.ts';
import { keyFileDamaged } from './vault-errors.ts';

const KEY_HEX = /^[0-9a-f]{64}$/;

/**
 * Where the wrapping key of the slot `key-file` lies: `keys/<workspace>.key` in the data directory,
 * beside `workspaces/` and not in it. Whoever copies, syncs or hands over the folder of a workspace
 * so takes ciphertext and a wrapped key that it does not open with.
 */
export function keyFilePath(dataRoot: string, workspaceId: string): string {
  return join(dataRoot, 'keys', `${workspaceId}.key`);
}

/** The wrapping key in it, 32 bytes; null where there is no file. Error: `vault/key-file-damaged`. */
export async function readKeyFile(file: string): Promise<Buffer | null> {
  let text: string;
  try {
    text = readFileSync(file, 'latin1');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  const hex = text.trimEnd();
  if (!KEY_HEX.test(hex)) throw keyFileDamaged(file);
  return Buffer.from(hex, 'hex');
}

/** The wrapping key that is there, else a new one on disk: a start that was interrupted may have left it. */
export async function ensureKeyFile(file: string): Promise<Buffer> {
  const found = await readKeyFile(file);
  if (found) return found;
  const key = newKey();
  await writePrivateFile(file, `${key.toString('hex')}\n`);
  return key;
}
