import { AppError } from '../../../src-contract/app-error.ts';

export function cancelled(): AppError {
  return new AppError('worker/cancelled', 'The work was cancelled.', {
    remedy: 'Nothing to do: start it again when you want it.',
  });
}

export function timedOut(worker: string, job: string, ms: number): AppError {
  return new AppError(
    'worker/timeout',
    `The ${worker} worker did not finish "${job}" within ${ms} ms.`,
    { remedy: 'Try again with less, or leave out what takes so long.', action: 'retry' },
  );
}

export function setAside(worker: string, job: string, reason: string): AppError {
  return new AppError(
    'worker/job-set-aside',
    `"${job}" ended its ${worker} worker twice (${reason}) and was set aside.`,
    { remedy: 'Leave out the file that causes it; the rest goes on.', data: { job } },
  );
}

export function crashLoop(worker: string): AppError {
  return new AppError('worker/crash-loop', `The ${worker} worker keeps ending at its start.`, {
    remedy: 'Wait half a minute and try again; the logs (Health) say why it ended.',
    action: 'open-health',
  });
}

export function queueFull(worker: string): AppError {
  return new AppError('worker/queue-full', `Too much work waits for the ${worker} worker.`, {
    remedy: 'Wait until some of it is done.',
    action: 'retry',
  });
}

export function closed(worker: string): AppError {
  return new AppError('worker/closed', `The ${worker} worker was ended with the engine.`, {
    remedy: 'Start Carrel again; unfinished work is taken up again.',
  });
}

export function notCloneable(worker: string, job: string, cause: unknown): AppError {
  return new AppError(
    'worker/bad-input',
    `"${job}" was given what the ${worker} worker can't take.`,
    {
      remedy: 'This is a fault of Carrel: please report it, with the logs.',
      action: 'open-health',
      cause,
    },
  );
}
