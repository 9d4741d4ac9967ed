import { readFileSync, statSync } from 'node:fs';

/** Keys are small; more is not one. */
const MAX_KEY_BYTES = 64 * 1024;
const MAGIC = Buffer.from('openssh-key-v1\0', 'latin1');

/**
 * The public part of a private key without its passphrase: from the file of the same name with
 * `.pub`, else from the head of the OpenSSH form, where it stands in the clear. Null where neither
 * tells it.
 *
 * Source: openssh-portable, PROTOCOL.key.
 */
export function publicPart(keyFile: string): Buffer | null {
  const line = smallFile(`${keyFile}.pub`);
  const encoded = /^(?:\S+)\s+([A-Za-z0-9+/]+={0,2})(?:\s|$)/.exec(line ?? '')?.[1];
  if (encoded !== undefined) return Buffer.from(encoded, 'base64');
  const armoured = /-----BEGIN OPENSSH PRIVATE KEY-----([\sA-Za-z0-9+/=]+)-----END/.exec(
    smallFile(keyFile) ?? '',
  )?.[1];
  return armoured === undefined ? null : inTheHead(Buffer.from(armoured, 'base64'));
}

/** After the magic: cipher, kdf, its options, number of keys, then the first public key. */
function inTheHead(bytes: Buffer): Buffer | null {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  let at = MAGIC.length;
  const field = (): Buffer | null => {
    if (at + 4 > bytes.length) return null;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return null;
    const found = bytes.subarray(at + 4, end);
    at = end;
    return found;
  };
  if (!field() || !field() || !field()) return null;
  at += 4;
  return field();
}

function smallFile(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile() || stats.size > MAX_KEY_BYTES) return null;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    // Whoever needs the key itself will say that it can't be read.
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
