import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { isMissing, writePrivateFile } from '../shared/private-file.ts';
import { deriveKey, macOf, sameHex } from './key-wrap.ts';
import { keysDamaged, keysFromFuture } from './vault-errors.ts';

/** Format of keys.json that this Carrel writes. A newer one is refused, never rewritten. */
const FORMAT = 1;
/** Nonce, wrapped 32-byte key and tag: 60 bytes in hex. */
const SEALED_KEY_HEX = /^[0-9a-f]{120}$/;
/** What keychains give back for a key of 44 characters; the longest seen stay far below. */
const MAX_WRAPPED_CHARS = 16_384;
/** Slots are a handful by nature; a bound for a file that somebody made up. */
const MAX_SLOTS = 16;

const sealedKey = z.string().regex(SEALED_KEY_HEX);

/** The data key sealed under the wrapping key of the key file. */
const keyFileSlot = z.strictObject({ kind: z.literal('key-file'), sealed: sealedKey });
/** The data key sealed under a wrapping key that the keychain gives back for `wrapped`. */
const keychainSlot = z.strictObject({
  kind: z.literal('os-keychain'),
  backend: z.string().min(1).max(100),
  wrapped: z.base64().min(1).max(MAX_WRAPPED_CHARS),
  sealed: sealedKey,
});
const slot = z.discriminatedUnion('kind', [keyFileSlot, keychainSlot]);
export type KeySlot = z.infer<typeof slot>;
export type KeyFileSlot = z.infer<typeof keyFileSlot>;
export type KeychainSlot = z.infer<typeof keychainSlot>;

const keys = z.strictObject({
  format: z.literal(FORMAT),
  workspace: z.string().min(1).max(64),
  createdAt: z.int().min(0),
  /** When the store was first opened; before that a missing store is a beginning, afterwards a loss. */
  storeCreatedAt: z.int().min(0).nullable(),
  lastRotation: z.int().min(0).nullable(),
  slots: z.array(slot).min(1).max(MAX_SLOTS),
});
/** What keys.json holds: nothing in it opens anything without a slot's own secret. */
export type Keys = z.infer<typeof keys>;

const envelope = keys.extend({ mac: z.string().regex(/^[0-9a-f]{64}$/) });
export type SignedKeys = z.infer<typeof envelope>;

/**
 * Reads keys.json; null where there is none. Its `mac` can only be checked once a slot gave the data
 * key. Errors: `vault/keys-damaged`, `vault/keys-from-future`.
 */
export async function readKeys(file: string): Promise<SignedKeys | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw keysDamaged(file, 'it can not be read', error);
  }
  if (text.trim() === '') throw keysDamaged(file, 'it is empty');
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw keysDamaged(file, 'it is not JSON', error);
  }
  const future = z.object({ format: z.int().gt(FORMAT) }).safeParse(found);
  if (future.success) throw keysFromFuture(file, future.data.format);
  const parsed = envelope.safeParse(found);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  throw keysDamaged(file, where === '' ? 'it is not what Carrel wrote' : `see "${where}"`);
}

/** Writes keys.json whole or not at all, with a MAC under the data key over everything in it. */
export async function writeKeys(file: string, value: Keys, dataKey: Buffer): Promise<void> {
  const signed: SignedKeys = { ...value, mac: envelopeMac(value, dataKey) };
  await writePrivateFile(file, `${JSON.stringify(signed, null, 2)}\n`);
}

/** Throws `vault/keys-damaged` where anything in the envelope is not what was written. */
export function verifyKeys(file: string, signed: SignedKeys, dataKey: Buffer): void {
  if (sameHex(signed.mac, envelopeMac(signed, dataKey))) return;
  throw keysDamaged(file, 'it was changed since Carrel wrote it');
}

/** What a slot's sealed key is bound to: it opens in this workspace and as this kind of slot only. */
export function slotBinding(workspaceId: string, kind: KeySlot['kind'], backend = ''): string {
  return JSON.stringify(['carrel keys', FORMAT, workspaceId, kind, backend]);
}

/** Arrays, not objects: the order of the members is part of what is signed. */
function envelopeMac(value: Keys, dataKey: Buffer): string {
  const slots = value.slots.map((slot) =>
    slot.kind === 'key-file'
      ? [slot.kind, slot.sealed]
      : [slot.kind, slot.backend, slot.wrapped, slot.sealed],
  );
  const { format, workspace, createdAt, storeCreatedAt, lastRotation } = value;
  const text = JSON.stringify([format, workspace, createdAt, storeCreatedAt, lastRotation, slots]);
  return macOf(deriveKey(dataKey, workspace, 'keys.json'), text);
}
