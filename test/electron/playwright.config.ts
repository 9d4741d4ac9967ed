import { defineConfig } from '@playwright/test';

// Read by the fixtures of the specs, in the workers, too.
process.env['CARREL_E2E_SHELL'] = 'desktop';

/** The browser specs over the built desktop app on the real Electron. `npm test` runs them where its binary is. */
export default defineConfig({
  testDir: '../e2e',
  // The guards of the web server, which the desktop has not.
  testIgnore: 'web-shell.spec.ts',
  outputDir: '../../test-results/electron',
  workers: 1,
  forbidOnly: true,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ? [['line'], ['json']] : [['line']],
  use: { trace: 'retain-on-failure' },
});
