import type { Check, HealthReport } from '../../../src-contract/health.ts';
import { bytes, count, counted, duration } from '../../ui/format.ts';

/** The value of a check as a person reads it; empty when it has none. */
export function valueOf({ value, unit }: Check): string {
  if (value === null) return '';
  if (typeof value === 'string') return unit === null ? value : `${value} ${unit}`;
  switch (unit) {
    case null:
      return count(value);
    case 'bytes':
      return bytes(value);
    case 'ms':
      return duration(value);
    case '%':
      return `${count(value)} %`;
    default:
      return `${count(value)} ${unit}`;
  }
}

/** One sentence for everything, and what is safe. */
export function overall(report: HealthReport): { readonly title: string; readonly text: string } {
  const open = report.checks.filter((check) => check.state !== 'ok').length;
  switch (report.state) {
    case 'ok':
      return {
        title: 'Everything works',
        text: `${counted(report.checks.length, 'check is', 'checks are')} fine.`,
      };
    case 'warn':
      return { title: `Working, ${needs(open)} you`, text: 'Nothing is lost.' };
    case 'fail':
      return {
        title: `Not everything works, ${needs(open)} you`,
        text: 'What was stored is safe. Each has its remedy beside it.',
      };
  }
}

function needs(open: number): string {
  return open === 1 ? 'one thing needs' : `${count(open)} things need`;
}
