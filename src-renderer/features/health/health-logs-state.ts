import { create } from 'zustand';
import type { AppError } from '../../../src-contract/app-error.ts';
import type { LogLine } from '../../../src-contract/health.ts';
import { asAppError, call } from '../../bridge.ts';

export type Level = LogLine['level'];

/** Newest lines that are shown: what one looks at; older ones are in the files. */
const LINES = 300;

interface LogsState {
  readonly level: Level;
  readonly lines: readonly LogLine[] | null;
  readonly reading: boolean;
  readonly error: AppError | null;
}

export const useLogs = create<LogsState>(() => ({
  level: 'info',
  lines: null,
  reading: false,
  error: null,
}));

export async function readLogs(): Promise<void> {
  const { level } = useLogs.getState();
  useLogs.setState({ reading: true });
  try {
    const { lines } = await call('health.logs', { level, limit: LINES });
    if (useLogs.getState().level === level) useLogs.setState({ lines, error: null });
  } catch (error) {
    useLogs.setState({ error: asAppError(error) });
  } finally {
    useLogs.setState({ reading: false });
  }
}

export function setLevel(level: Level): void {
  useLogs.setState({ level });
  void readLogs();
}
