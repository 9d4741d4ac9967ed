import { join } from 'node:path';
import { AppError } from '../../../../src-contract/app-error.ts';
import { acquireProcessLock, type ProcessLock } from '../../shared/process-lock.ts';

/**
 * Takes the library for one job of this process. One of this process itself is stale: the engine runs
 * one job at a time, so a worker that was ended left it.
 *
 * Errors: `library/locked` (another process is at work).
 */
export function acquireLibraryLock(journalDir: string): Promise<ProcessLock> {
  const file = join(journalDir, 'library.lock');
  return acquireProcessLock(file, { refusal: locked, isOwnStale: true });
}

function locked(pid: number | null): AppError {
  return new AppError(
    'library/locked',
    pid === null
      ? 'Another program is at work in this library.'
      : `Another Carrel (process ${pid}) is at work in this library.`,
    { remedy: 'Wait until it is done, or end it.', action: 'retry', data: { pid } },
  );
}
