import { AppError } from '../../../src-contract/app-error.ts';
import type { Logger } from '../shared/logger.ts';
import { acquireProcessLock, type ProcessLock } from '../shared/process-lock.ts';

/** Takes a workspace for this process: one engine per workspace. Errors: `workspace/in-use`. */
export function acquireEngineLock(file: string, logger: Logger): Promise<ProcessLock> {
  return acquireProcessLock(file, {
    refusal: inUse,
    isOwnStale: false,
    onStale: () => logger.info('taking over the lock of an engine that no longer runs', { file }),
  });
}

function inUse(pid: number | null): AppError {
  return new AppError(
    'workspace/in-use',
    pid === null
      ? 'Another Carrel is opening this workspace.'
      : `Another Carrel (process ${pid}) has this workspace open.`,
    {
      remedy: 'Use that one, or end it first. Only one engine may write to a workspace.',
      data: { pid },
    },
  );
}
