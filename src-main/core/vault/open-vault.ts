import { statSync } from 'node:fs';
import { AppError } from '../../../src-contract/app-error.ts';
import type { VaultStatus } from '../../../src-contract/vault.ts';
import { openMigrated, schemaVersion, type Migration } from '../../db/migrate.ts';
import { STORE_CIPHER, type EncryptedDb } from '../../db/open.ts';
import { toStoreError } from '../../db/store-error.ts';
import type { Clock } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
import type { WorkspacePaths } from '../shared/paths.ts';
import {
  ensurePrivateDir,
  PRIVATE_DIR_MODE,
  PRIVATE_FILE_MODE,
  removeInterruptedWrites,
  repairMode,
} from '../shared/private-file.ts';
import { AttachmentStore } from './attachment-store.ts';
import { newSlot, openSlot, type OpenedSlot, type SlotDeps } from './key-slots.ts';
import { deriveKey, newKey } from './key-wrap.ts';
import { readKeys, verifyKeys, writeKeys, type Keys, type SignedKeys } from './keys-file.ts';
import type { KeychainSecrets } from './ports.ts';
import { keysDamaged, keysMissing, storeMissing } from './vault-errors.ts';

export interface VaultDeps {
  readonly workspaceId: string;
  readonly paths: WorkspacePaths;
  /** Of the slot `key-file`; see `keyFilePath`. */
  readonly keyFile: string;
  /** Null in a shell that has no keychain (web, CLI). */
  readonly secrets: KeychainSecrets | null;
  readonly migrations: readonly Migration[];
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Vault {
  readonly db: EncryptedDb;
  readonly attachments: AttachmentStore;
  /** What was found and put right at the start, for Health. */
  readonly warnings: readonly string[];
  /** A key of its own for one purpose, 32 bytes; the same purpose always gives the same key. */
  deriveKey(purpose: string): Buffer;
  status(): VaultStatus;
  /** Closes the store and wipes the data key. Derived keys stay with those who asked for them. */
  close(): void;
}

/**
 * Opens the store of a workspace, or makes a new one with a random data key. The caller holds the
 * engine lock of the workspace.
 *
 * Errors, each with nothing on disk changed: `vault/keys-missing`, `vault/keys-damaged`,
 * `vault/keys-from-future`, `vault/key-file-missing`, `vault/key-file-damaged`,
 * `vault/slot-refused`, `vault/key-unreachable`, `vault/key-refused`,
 * `vault/backend-changed`, `vault/store-missing`, `vault/not-writable`, `vault/disk-full`, and those
 * of `openMigrated`.
 */
export async function openVault(deps: VaultDeps): Promise<Vault> {
  try {
    return await open(deps);
  } catch (error) {
    throw toStoreError(error) ?? error;
  }
}

async function open(deps: VaultDeps): Promise<Vault> {
  const { paths, workspaceId } = deps;
  const slots: SlotDeps = { ...deps, keysFile: paths.keys };
  const warnings = await tidy(deps);
  ensurePrivateDir(paths.root);
  const found = await readKeys(paths.keys);
  const hasStore = sizeOf(paths.store) > 0;
  if (!found && (hasStore || sizeOf(`${paths.store}-wal`) > 0)) {
    throw keysMissing(paths.keys);
  }
  if (found && found.workspace !== workspaceId) {
    throw keysDamaged(paths.keys, 'it belongs to another workspace');
  }
  if (found && found.storeCreatedAt !== null && !hasStore) throw storeMissing(paths.store);

  const { dataKey, keys } = found ? await unlock(slots, found) : await begin(deps, slots);
  const db = openMigrated(
    paths.store,
    deriveKey(dataKey, workspaceId, 'store'),
    deps.migrations,
    paths.backups,
  );
  let current = keys;
  try {
    if (keys.storeCreatedAt === null) {
      current = { ...keys, storeCreatedAt: deps.clock.now() };
      await writeKeys(paths.keys, current, dataKey);
    }
    ensurePrivateDir(paths.attachments);
  } catch (error) {
    db.close();
    throw error;
  }
  return makeVault(deps, db, dataKey, current, warnings);
}

function makeVault(
  deps: VaultDeps,
  db: EncryptedDb,
  dataKey: Buffer,
  keys: Keys,
  warnings: readonly string[],
): Vault {
  const derive = (purpose: string): Buffer => deriveKey(dataKey, deps.workspaceId, purpose);
  return {
    db,
    warnings,
    attachments: new AttachmentStore({ dir: deps.paths.attachments, key: derive('attachments') }),
    deriveKey(purpose) {
      if (!db.open) throw new Error('the vault is closed');
      return derive(purpose);
    },
    status: () => ({
      state: 'unlocked',
      slots: keys.slots.map((slot) => ({
        kind: slot.kind,
        backend: slot.kind === 'os-keychain' ? slot.backend : null,
      })),
      cipher: STORE_CIPHER,
      schema: schemaVersion(db),
      lastRotation: keys.lastRotation,
    }),
    close() {
      if (!db.open) return;
      db.close();
      dataKey.fill(0);
    },
  };
}

/** A new workspace: the slot is on disk before the store is, so that no store is without its key. */
async function begin(deps: VaultDeps, slots: SlotDeps): Promise<{ dataKey: Buffer; keys: Keys }> {
  const dataKey = newKey();
  const keys: Keys = {
    format: 1,
    workspace: deps.workspaceId,
    createdAt: deps.clock.now(),
    storeCreatedAt: null,
    lastRotation: null,
    slots: [await newSlot(slots, dataKey)],
  };
  await writeKeys(deps.paths.keys, keys, dataKey);
  return { dataKey, keys };
}

/** Tries the slots in their order; the first that opens counts, else the first reason is told. */
async function unlock(
  deps: SlotDeps,
  found: SignedKeys,
): Promise<{ dataKey: Buffer; keys: SignedKeys }> {
  let refused: AppError | null = null;
  for (const slot of found.slots) {
    let opened: OpenedSlot;
    try {
      opened = await openSlot(deps, slot);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      deps.logger.warn('a key slot does not open', { slot: slot.kind, code: error.code });
      refused ??= error;
      continue;
    }
    const { dataKey, renewed } = opened;
    verifyKeys(deps.keysFile, found, dataKey);
    if (!renewed) return { dataKey, keys: found };
    const keys = { ...found, slots: found.slots.map((old) => (old === slot ? renewed : old)) };
    await writeKeys(deps.keysFile, keys, dataKey);
    deps.logger.info('the keychain wrapped the key anew', { backend: renewed.backend });
    return { dataKey, keys };
  }
  throw refused ?? keysDamaged(deps.keysFile, 'it has no slot');
}

/** Closes to others what they could read, and removes what interrupted writes left. */
async function tidy({ paths, keyFile, logger }: VaultDeps): Promise<string[]> {
  const warnings: string[] = [];
  const places: readonly (readonly [string, number])[] = [
    [paths.root, PRIVATE_DIR_MODE],
    [paths.keys, PRIVATE_FILE_MODE],
    [keyFile, PRIVATE_FILE_MODE],
    [paths.store, PRIVATE_FILE_MODE],
  ];
  for (const [path, mode] of places) {
    if (!repairMode(path, mode)) continue;
    warnings.push(`Others on this machine could read ${path}; they no longer can.`);
    logger.warn('took the rights of others away', { path });
  }
  await removeInterruptedWrites(paths.root);
  await removeInterruptedWrites(paths.attachments);
  return warnings;
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
