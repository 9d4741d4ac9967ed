import { defineConfig } from '@playwright/test';

/** The desktop suite: the real Electron binary over the built bundles. `npm test` runs it where the binary is. */
export default defineConfig({
  testDir: '.',
  testMatch: 'desktop.spec.ts',
  outputDir: '../../test-results/electron',
  workers: 1,
  forbidOnly: true,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ? [['line'], ['json']] : [['line']],
  use: { trace: 'retain-on-failure' },
});
