import { AppError } from '../../../src-contract/app-error.ts';

/** Every refusal of the vault leaves what is on disk as it is; the remedies say so. */
export function keysMissing(file: string): AppError {
  return new AppError('vault/keys-missing', 'The store is here, but its keys.json is not.', {
    remedy:
      'Put the keys.json that belongs to this store back from a backup. Nothing was changed, and no new key was made.',
    data: { file },
  });
}

export function keysDamaged(file: string, why: string, cause?: unknown): AppError {
  return new AppError('vault/keys-damaged', `The file with the wrapped key is damaged (${why}).`, {
    remedy: 'Put the original keys.json back from a backup. Nothing was changed.',
    data: { file },
    cause,
  });
}

export function keysFromFuture(file: string, found: number): AppError {
  return new AppError(
    'vault/keys-from-future',
    `The file with the wrapped key was written by a newer Carrel (format ${found}).`,
    { remedy: 'Install the newer Carrel again. Nothing was changed.', data: { file, found } },
  );
}

export function keyFileMissing(file: string): AppError {
  return new AppError('vault/key-file-missing', 'The key file of this workspace is missing.', {
    remedy: 'Put it back where it was (see "file"), from a backup. Nothing was changed.',
    data: { file },
  });
}

export function keyFileDamaged(file: string): AppError {
  return new AppError('vault/key-file-damaged', 'The key file of this workspace is damaged.', {
    remedy:
      'Put the original key file back from a backup: it is one line of 64 digits and letters. Nothing was changed.',
    data: { file },
  });
}

export function slotRefused(kind: string, file: string, cause: unknown): AppError {
  return new AppError(
    'vault/slot-refused',
    kind === 'key-file'
      ? 'The key file does not belong to this keys.json, or one of them was changed.'
      : 'The keychain gave a key that does not belong to this keys.json, or that file was changed.',
    {
      remedy: 'Put the original files back from a backup. Nothing was changed.',
      data: { slot: kind, file },
      cause,
    },
  );
}

export function keychainUnavailable(): AppError {
  return new AppError(
    'vault/key-unreachable',
    'The key of this workspace is in the keychain of the system, which only the desktop app can open.',
    {
      remedy:
        'Start the Carrel desktop app: the terminal and the browser then work through it. Or use another --data-dir.',
    },
  );
}

export function keychainFailed(cause: unknown): AppError {
  return new AppError('vault/key-refused', 'The keychain of the system gave no key.', {
    remedy: 'Unlock the keychain (sign in to your desktop session) and start Carrel again.',
    action: 'retry',
    cause,
  });
}

export function backendChanged(recorded: string, found: string): AppError {
  return new AppError(
    'vault/backend-changed',
    `The key of this workspace was put into "${recorded}", but the system now offers "${found}".`,
    {
      remedy: `Start Carrel where "${recorded}" runs, as before (the same desktop session or password store). Nothing was changed.`,
      data: { recorded, found },
    },
  );
}

export function storeMissing(file: string): AppError {
  return new AppError('vault/store-missing', 'The store of this workspace is gone or empty.', {
    remedy:
      'Put store.db back from a backup. To begin anew, move the whole folder of the workspace away; Carrel makes no empty store over a lost one.',
    data: { file },
  });
}

export function attachmentDamaged(id: string, cause?: unknown): AppError {
  return new AppError('vault/attachment-damaged', 'A stored file does not verify any more.', {
    remedy: 'Add the file again; the damaged one is kept until you remove it.',
    data: { id },
    cause,
  });
}

export function attachmentMissing(id: string): AppError {
  return new AppError('vault/attachment-missing', 'A stored file is not there any more.', {
    remedy: 'Add the file again.',
    data: { id },
  });
}
