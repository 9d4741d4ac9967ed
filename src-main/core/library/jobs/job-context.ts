import type { TrustPolicy } from '../git/verify.ts';
import type { Report } from './reporter.ts';

/** What a job of sync gets besides its input. */
export interface JobContext {
  /** Aborted when the caller no longer wants the result; what was accepted by then stays. */
  readonly signal: AbortSignal;
  readonly report: Report;
  readonly policy: TrustPolicy;
}
