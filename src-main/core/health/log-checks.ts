import { makeCheck } from './make-check.ts';
import type { HealthSource } from './ports.ts';

/** What Health needs of the log. */
export interface LogFacts {
  readonly writer: { readonly dropped: number; readonly problem: string | null };
}

export function logChecks(log: LogFacts): HealthSource {
  return {
    checks: () => {
      const { dropped, problem } = log.writer;
      const shown = { id: 'log', title: 'Log', value: dropped, unit: 'lines lost' };
      if (problem !== null) {
        return Promise.resolve([
          makeCheck({
            ...shown,
            state: 'fail',
            message: `The log can not be written (${problem}); ${dropped} lines are lost so far.`,
            remedy:
              'Free space on the disk, and check that your user may write to the logs folder.',
          }),
        ]);
      }
      const message =
        dropped === 0 ? 'Written.' : `Written again; ${dropped} lines were lost since the start.`;
      const state = dropped === 0 ? 'ok' : 'warn';
      const remedy = dropped === 0 ? null : 'Keep an eye on the free space of the disk.';
      return Promise.resolve([makeCheck({ ...shown, state, message, remedy })]);
    },
  };
}
