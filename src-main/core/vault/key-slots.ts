import { AppError } from '../../../src-contract/app-error.ts';
import type { Logger } from '../shared/logger.ts';
import { ensureKeyFile, readKeyFile } from './key-file.ts';
import { KEY_BYTES, newKey, seal, unseal } from './key-wrap.ts';
import { slotBinding, type KeychainSlot, type KeyFileSlot, type KeySlot } from './keys-file.ts';
import type { KeychainSecrets } from './ports.ts';
import {
  backendChanged,
  keychainFailed,
  keychainUnavailable,
  keyFileMissing,
  slotRefused,
} from './vault-errors.ts';

export interface SlotDeps {
  readonly workspaceId: string;
  readonly keysFile: string;
  readonly keyFile: string;
  /** Null in a shell that has no keychain. */
  readonly secrets: KeychainSecrets | null;
  readonly logger: Logger;
}

/** Backends that only obfuscate: Chromium's fixed password, or none chosen. */
const NO_PROTECTION: ReadonlySet<string> = new Set(['', 'basic_text', 'unknown']);

/** The slot of a new workspace: the keychain where it protects, else the key file. */
export async function newSlot(deps: SlotDeps, dataKey: Buffer): Promise<KeySlot> {
  const backend = deps.secrets ? await usableBackend(deps.secrets, deps.logger) : null;
  if (deps.secrets && backend !== null) {
    const slot = await newKeychainSlot(deps, deps.secrets, backend, dataKey);
    if (slot) return slot;
  }
  const wrapping = await ensureKeyFile(deps.keyFile);
  const sealed = seal(wrapping, dataKey, slotBinding(deps.workspaceId, 'key-file'));
  return { kind: 'key-file', sealed: sealed.toString('hex') };
}

export interface OpenedSlot {
  /** 32 bytes. */
  readonly dataKey: Buffer;
  /** The slot as it should be written now, where the keychain asked for a new wrapping. */
  readonly renewed: KeychainSlot | null;
}

/** Gets the data key out of one slot, or throws why not (`vault/…`). */
export function openSlot(deps: SlotDeps, slot: KeySlot): Promise<OpenedSlot> {
  return slot.kind === 'key-file' ? openKeyFileSlot(deps, slot) : openKeychainSlot(deps, slot);
}

async function openKeyFileSlot(deps: SlotDeps, slot: KeyFileSlot): Promise<OpenedSlot> {
  const wrapping = await readKeyFile(deps.keyFile);
  if (!wrapping) throw keyFileMissing(deps.keyFile);
  return { dataKey: openSealed(deps, slot, wrapping), renewed: null };
}

async function openKeychainSlot(deps: SlotDeps, slot: KeychainSlot): Promise<OpenedSlot> {
  const secrets = deps.secrets;
  if (!secrets) throw keychainUnavailable();
  let backend: string;
  let opened: { readonly plain: string; readonly rewrap: string | null };
  try {
    backend = await secrets.backend();
    // Asked before the keychain is: another backend can't open it, and may overwrite or prompt.
    if (backend !== slot.backend) throw backendChanged(slot.backend, backend);
    opened = await secrets.unwrap(slot.wrapped);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw keychainFailed(error);
  }
  const dataKey = openSealed(deps, slot, Buffer.from(opened.plain, 'base64'));
  const renewed = opened.rewrap === null ? null : { ...slot, wrapped: opened.rewrap };
  return { dataKey, renewed };
}

function openSealed(deps: SlotDeps, slot: KeySlot, wrapping: Buffer): Buffer {
  const backend = slot.kind === 'os-keychain' ? slot.backend : '';
  try {
    const binding = slotBinding(deps.workspaceId, slot.kind, backend);
    const dataKey = unseal(wrapping, Buffer.from(slot.sealed, 'hex'), binding);
    if (dataKey.length !== KEY_BYTES) throw new Error('the wrapped key has another length');
    return dataKey;
  } catch (error) {
    throw slotRefused(slot.kind, deps.keysFile, error);
  }
}

async function usableBackend(secrets: KeychainSecrets, logger: Logger): Promise<string | null> {
  try {
    const backend = await secrets.backend();
    if (!NO_PROTECTION.has(backend)) return backend;
    logger.warn('the keychain of this system does not protect; using a key file', { backend });
  } catch (error) {
    logger.warn('the keychain of this system does not answer; using a key file', { error });
  }
  return null;
}

/** Null where the keychain can't take a key and give the same one back: found out before anything depends on it. */
async function newKeychainSlot(
  deps: SlotDeps,
  secrets: KeychainSecrets,
  backend: string,
  dataKey: Buffer,
): Promise<KeychainSlot | null> {
  const wrapping = newKey();
  const plain = wrapping.toString('base64');
  try {
    const wrapped = await secrets.wrap(plain);
    const back = await secrets.unwrap(wrapped);
    if (back.plain !== plain) throw new Error('the keychain gave back another key');
    const sealed = seal(wrapping, dataKey, slotBinding(deps.workspaceId, 'os-keychain', backend));
    return {
      kind: 'os-keychain',
      backend,
      wrapped: back.rewrap ?? wrapped,
      sealed: sealed.toString('hex'),
    };
  } catch (error) {
    deps.logger.warn('the keychain of this system refused a key; using a key file', { error });
    return null;
  }
}
