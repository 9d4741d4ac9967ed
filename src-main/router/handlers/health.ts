import type { HealthReport, LogLine } from '../../../src-contract/health.ts';
import type { FeatureHandlers } from '../types.ts';

/** What the routes of Health need of its service and of the log. */
export interface HealthPort {
  report(): Promise<HealthReport>;
}
export interface LogPort {
  tail(limit: number, level: LogLine['level']): Promise<LogLine[]>;
}

export function healthHandlers(health: HealthPort, log: LogPort): FeatureHandlers<'health'> {
  return {
    'health.report': () => health.report(),
    'health.logs': async ({ limit, level }) => ({ lines: await log.tail(limit, level) }),
  };
}
