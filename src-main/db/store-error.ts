import { AppError } from '../../src-contract/app-error.ts';

/**
 * What a failure of the database or of the file system under it means for a person, by its code;
 * null where it is none that a person can do anything about (a bug in a statement, say).
 */
export function toStoreError(error: unknown): AppError | null {
  if (!(error instanceof Error) || error instanceof AppError) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  switch (code) {
    case 'SQLITE_FULL':
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new AppError('vault/disk-full', 'The disk is full: this could not be stored.', {
        remedy: 'Free some space and try again. What was stored before is not affected.',
        action: 'retry',
        cause: error,
      });
    case 'SQLITE_READONLY':
    case 'SQLITE_READONLY_DIRECTORY':
    case 'SQLITE_READONLY_DBMOVED':
    case 'SQLITE_CANTOPEN':
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError(
        'vault/not-writable',
        'Carrel may not read or write its data directory.',
        {
          remedy:
            'Give your user the right to read and write there, or choose another with --data-dir.',
          cause: error,
        },
      );
    case 'SQLITE_BUSY':
    case 'SQLITE_BUSY_SNAPSHOT':
    case 'SQLITE_BUSY_RECOVERY':
      return new AppError('vault/store-busy', 'The store is in use by something else.', {
        remedy: 'Wait a moment and try again; end other programs that open it.',
        action: 'retry',
        cause: error,
      });
    case 'SQLITE_NOTADB':
    case 'SQLITE_CORRUPT':
    case 'SQLITE_CORRUPT_INDEX':
    case 'SQLITE_CORRUPT_VTAB':
      return new AppError('vault/store-damaged', 'A part of the store on disk is damaged.', {
        remedy: 'Restore a snapshot or a copy from backups/. The damaged file is kept as it is.',
        action: 'open-health',
        cause: error,
      });
    default:
      return code.startsWith('SQLITE_IOERR') || code === 'EIO' ? ioError(error) : null;
  }
}

/**
 * The same for an error of anything that runs: the database and a full disk only, because a right
 * that is missing may be one on a file of the person.
 */
export function toDatabaseError(error: unknown): AppError | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(SQLITE_|ENOSPC$|EDQUOT$)/.test(code) ? toStoreError(error) : null;
}

function ioError(cause: Error): AppError {
  return new AppError('vault/disk-error', 'The disk under the store failed to read or write.', {
    remedy: 'Check that the disk is connected, healthy and has space, then start Carrel again.',
    action: 'open-health',
    cause,
  });
}
