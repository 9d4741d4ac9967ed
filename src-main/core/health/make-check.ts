import type { Check, CheckState } from '../../../src-contract/health.ts';

/** What a check always says; the rest is null where it is left out. */
export type CheckParts = Pick<Check, 'id' | 'title' | 'state' | 'message'> & Partial<Check>;

export function makeCheck(parts: CheckParts): Check {
  return { value: null, unit: null, remedy: null, action: null, ...parts };
}

const RANK: Readonly<Record<CheckState, number>> = { ok: 0, warn: 1, fail: 2 };

/** The state of many is the worst of them. */
export function worstOf(checks: readonly Check[]): CheckState {
  return checks.reduce<CheckState>(
    (worst, { state }) => (RANK[state] > RANK[worst] ? state : worst),
    'ok',
  );
}

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** `1.2 GB`: for messages; values stay bytes. */
export function bytesInWords(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit] ?? ''}`;
}
