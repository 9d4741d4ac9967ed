import type { Check } from '../../../src-contract/health.ts';
import type { Clock } from '../shared/clock.ts';
import type { WorkerHostState } from '../shared/worker-host.ts';
import { makeCheck } from './make-check.ts';
import type { HealthSource } from './ports.ts';

/** What Health needs of a worker host. */
export interface WorkerFacts {
  readonly state: WorkerHostState;
}

/** One check per worker, by its name. */
export function workerChecks(
  workers: Readonly<Record<string, WorkerFacts>>,
  clock: Clock,
): HealthSource {
  return {
    checks: () =>
      Promise.resolve(
        Object.entries(workers).map(([name, { state }]) => describe(name, state, clock)),
      ),
  };
}

function describe(name: string, state: WorkerHostState, clock: Clock): Check {
  const shown = { id: `worker.${name}`, title: `Worker: ${name}`, value: state.kind };
  switch (state.kind) {
    case 'idle':
      return makeCheck({ ...shown, state: 'ok', message: 'Nothing to do.' });
    case 'running':
      return makeCheck({ ...shown, state: 'ok', message: `At work; ${state.queued} jobs wait.` });
    case 'restarting':
      return makeCheck({
        ...shown,
        state: 'warn',
        message: `It ended unexpectedly and is being started again (attempt ${state.attempt}).`,
        remedy: 'Nothing to do: what it worked on is tried once more.',
      });
    case 'braked': {
      const seconds = Math.max(0, Math.ceil((state.untilMs - clock.monotonic()) / 1_000));
      return makeCheck({
        ...shown,
        state: 'fail',
        message: `It ended again and again and rests for ${seconds} s.`,
        remedy: 'Wait, then try again what you did; the logs below say why it ended.',
      });
    }
    default:
      return state satisfies never;
  }
}
