import { create } from 'zustand';
import type { AppError } from '../src-contract/app-error.ts';
import type { HealthReport } from '../src-contract/health.ts';
import { asAppError, call } from './bridge.ts';

/** The last report of all checks: Health shows it, the rail counts what needs a person. */
interface HealthState {
  readonly report: HealthReport | null;
  readonly reading: boolean;
  readonly error: AppError | null;
}

export const useHealth = create<HealthState>(() => ({ report: null, reading: false, error: null }));

/** Runs all checks now. */
export async function readHealth(): Promise<void> {
  if (useHealth.getState().reading) return;
  useHealth.setState({ reading: true });
  try {
    useHealth.setState({ report: await call('health.report', {}), error: null });
  } catch (error) {
    useHealth.setState({ error: asAppError(error) });
  } finally {
    useHealth.setState({ reading: false });
  }
}
