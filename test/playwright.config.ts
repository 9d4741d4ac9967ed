import { defineConfig } from '@playwright/test';
import { launchOptions } from './helpers/browser-launch.ts';

export default defineConfig({
  testDir: 'e2e',
  outputDir: '../test-results/e2e',
  // Each test has a server, an engine and a page of its own; two cores carry two of them.
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  // A machine that stands still for a moment fails a browser's deadline: the gate tries once more, and
  // names what passed only then (`scripts/test.ts`). At a desk nothing is tried twice.
  retries: process.env['CI_RETRIES'] ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // The JSON report goes to the file that the gate names; without one it would go to the terminal.
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ? [['line'], ['json']] : [['line']],
  use: {
    launchOptions: launchOptions(),
    viewport: { width: 1280, height: 800 },
    actionTimeout: 20_000,
    // A failed test leaves its page as text and picture; `--trace on` records more, at a fifth of the time.
    screenshot: 'only-on-failure',
  },
});
