import Database from 'better-sqlite3';
import { AppError } from '../../../src-contract/app-error.ts';

/** Runs a write; trouble of the disk becomes `chat/not-stored`, which a person can do something about. */
export function stored<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    if (!/^SQLITE_(?:FULL|IOERR|READONLY|CANTOPEN)/.test(error.code)) throw error;
    throw new AppError('chat/not-stored', 'The message could not be stored on this disk.', {
      remedy: 'Make room on the disk and check that its folder can be written, then try again.',
      action: 'open-health',
      data: { reason: error.code },
      cause: error,
    });
  }
}
