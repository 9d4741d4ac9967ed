import { z } from 'zod';
import { REMEDY_ACTIONS } from './app-error.ts';
import { timestamp } from './common.ts';
import { nothing, query } from './define.ts';
import { lazy } from './lazy.ts';

export const checkState = lazy(() => z.enum(['ok', 'warn', 'fail']));
export type CheckState = z.infer<ReturnType<typeof checkState>>;

export const check = lazy(() =>
  z.object({
    id: z.string(),
    title: z.string(),
    state: checkState(),
    value: z.union([z.number(), z.string()]).nullable(),
    unit: z.string().nullable(),
    message: z.string(),
    remedy: z.string().nullable(),
    action: z.enum(REMEDY_ACTIONS).nullable(),
  }),
);
export type Check = z.infer<ReturnType<typeof check>>;

export const healthReport = lazy(() =>
  z.object({
    /** The worst of the checks. */
    state: checkState(),
    at: timestamp(),
    checks: z.array(check()),
    machine: z.object({
      engineStartedAt: timestamp(),
      storeBytes: z.int(),
      diskFreeBytes: z.int(),
      engineMemoryBytes: z.int(),
    }),
  }),
);
export type HealthReport = z.infer<ReturnType<typeof healthReport>>;

export const logLevel = lazy(() => z.enum(['debug', 'info', 'warn', 'error']));

export const logLine = lazy(() =>
  z.object({
    at: timestamp(),
    level: logLevel(),
    scope: z.string(),
    message: z.string(),
  }),
);
export type LogLine = z.infer<ReturnType<typeof logLine>>;

export const healthRoutes = {
  'health.report': query('Runs all checks now.', nothing, () => healthReport()),
  'health.logs': query(
    'Newest log lines last. Secrets are redacted when a line is written.',
    () =>
      z.strictObject({
        limit: z.int().min(1).max(1_000).default(200),
        level: logLevel().default('info'),
      }),
    () => z.object({ lines: z.array(logLine()) }),
  ),
} as const;
