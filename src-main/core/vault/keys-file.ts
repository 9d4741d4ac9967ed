import { readFileSync } from 'node:fs';
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

/** A keychain's wrapping is base64. */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const MAC_HEX = /^[0-9a-f]{64}$/;
const MAX_BACKEND_CHARS = 100;
const MAX_WORKSPACE_CHARS = 64;

/** The data key sealed under the wrapping key of the key file. */
export interface KeyFileSlot {
  readonly kind: 'key-file';
  readonly sealed: string;
}

/** The data key sealed under a wrapping key that the keychain gives back for `wrapped`. */
export interface KeychainSlot {
  readonly kind: 'os-keychain';
  readonly backend: string;
  readonly wrapped: string;
  readonly sealed: string;
}

export type KeySlot = KeyFileSlot | KeychainSlot;

/** What keys.json holds: nothing in it opens anything without a slot's own secret. */
export interface Keys {
  readonly format: typeof FORMAT;
  readonly workspace: string;
  readonly createdAt: number;
  /** When the store was first opened; before that a missing store is a beginning, afterwards a loss. */
  readonly storeCreatedAt: number | null;
  readonly lastRotation: number | null;
  readonly slots: readonly KeySlot[];
}

export interface SignedKeys extends Keys {
  readonly mac: string;
}

/**
 * What each member must be, exactly these and no other. By hand: this file is read at every start,
 * and a schema library would take longer to load than everything else here.
 */
const ENVELOPE: Readonly<Record<keyof SignedKeys, (value: unknown) => boolean>> = {
  format: (value) => value === FORMAT,
  workspace: (value) => isText(value, MAX_WORKSPACE_CHARS),
  createdAt: isTime,
  storeCreatedAt: (value) => value === null || isTime(value),
  lastRotation: (value) => value === null || isTime(value),
  slots: (value) =>
    Array.isArray(value) && value.length > 0 && value.length <= MAX_SLOTS && value.every(isSlot),
  mac: (value) => typeof value === 'string' && MAC_HEX.test(value),
};

const KEY_FILE_SLOT: Readonly<Record<keyof KeyFileSlot, (value: unknown) => boolean>> = {
  kind: (value) => value === 'key-file',
  sealed: isSealed,
};

const KEYCHAIN_SLOT: Readonly<Record<keyof KeychainSlot, (value: unknown) => boolean>> = {
  kind: (value) => value === 'os-keychain',
  backend: (value) => isText(value, MAX_BACKEND_CHARS),
  wrapped: (value) => isText(value, MAX_WRAPPED_CHARS) && BASE64.test(String(value)),
  sealed: isSealed,
};

/**
 * Reads keys.json; null where there is none. Its `mac` can only be checked once a slot gave the data
 * key. Errors: `vault/keys-damaged`, `vault/keys-from-future`.
 */
export async function readKeys(file: string): Promise<SignedKeys | null> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
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
  if (typeof found !== 'object' || found === null) throw keysDamaged(file, NOT_OURS);
  const { format } = found as Readonly<Record<string, unknown>>;
  if (Number.isSafeInteger(format) && Number(format) > FORMAT) {
    throw keysFromFuture(file, Number(format));
  }
  const wrong = firstWrong(found, ENVELOPE);
  if (wrong !== null) throw keysDamaged(file, wrong === '' ? NOT_OURS : `see "${wrong}"`);
  return found as SignedKeys;
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

const NOT_OURS = 'it is not what Carrel wrote';

/** Name of the first member that is missing, too much or wrong; null where all is as described. */
function firstWrong(
  value: object,
  members: Readonly<Record<string, (value: unknown) => boolean>>,
): string | null {
  const own = value as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(own).find((name) => !Object.hasOwn(members, name));
  if (unknown !== undefined) return '';
  const wrong = Object.entries(members).find(
    ([name, isRight]) => !Object.hasOwn(own, name) || !isRight(own[name]),
  );
  return wrong ? wrong[0] : null;
}

function isSlot(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const members = value.kind === 'os-keychain' ? KEYCHAIN_SLOT : KEY_FILE_SLOT;
  return firstWrong(value, members) === null;
}

function isSealed(value: unknown): boolean {
  return typeof value === 'string' && SEALED_KEY_HEX.test(value);
}

function isTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isText(value: unknown, maxChars: number): boolean {
  return typeof value === 'string' && value !== '' && value.length <= maxChars;
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
