import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** AES-256 and every key of Carrel: bytes. */
export const KEY_BYTES = 32;
/** What NIST SP 800-38D recommends for GCM: 96-bit nonces, 128-bit tags. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals bytes under a 32-byte key with AES-256-GCM: nonce, ciphertext and tag in one piece. `bound`
 * is authenticated with it, so that a piece copied to where it does not belong does not open there.
 * Nonces are random: fine for far less than 2^32 pieces under one key.
 */
export function seal(key: Buffer, plain: Uint8Array, bound: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(bound, 'utf8'));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what `seal` made. Throws where key, bytes or `bound` differ in a single bit. */
export function unseal(key: Buffer, sealed: Buffer, bound: string): Buffer {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new Error('too short to be sealed');
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const tag = sealed.subarray(sealed.length - TAG_BYTES);
  const body = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES);
  const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(bound, 'utf8'));
  cipher.setAuthTag(tag);
  return Buffer.concat([cipher.update(body), cipher.final()]);
}

export function newKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/**
 * A key for one purpose: HKDF-SHA256 (RFC 5869), 32 bytes. The data key itself never encrypts
 * anything, so that a weakness in one use tells nothing about another.
 */
export function deriveKey(dataKey: Buffer, workspaceId: string, purpose: string): Buffer {
  const info = `carrel/1/${purpose}`;
  return Buffer.from(hkdfSync('sha256', dataKey, workspaceId, info, KEY_BYTES));
}

export function macOf(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text, 'utf8').digest('hex');
}

export function sameHex(a: string, b: string): boolean {
  const left = Buffer.from(a, 'hex');
  const right = Buffer.from(b, 'hex');
  return left.length === right.length && timingSafeEqual(left, right);
}
