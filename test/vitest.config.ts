import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  test: {
    include: [process.env['CARREL_DEEP'] ? 'test/**/*.deep.ts' : 'test/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'test/e2e/**'],
    // Two cores are what a small CI machine has; servers and databases of several files share them.
    maxWorkers: 2,
    pool: 'forks',
    // As for the browser specs: only the gate tries again, and names what needed it.
    retry: process.env['CI_RETRIES'] ? 1 : 0,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
