/**
 * The one gate: format, lint, types, architecture, build, unit and integration tests, browser specs,
 * Electron suite. Ends with one line over all of them. Usage: npm test, npm run test:deep
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findBrowser, INSTALL_HINT } from './browser.ts';
import { findElectron } from './electron-binary.ts';
import { toolScript } from './tool.ts';

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const root = resolve(import.meta.dirname, '..');
const results = join(root, 'test-results');
const deep = process.argv.includes('--deep');
const total: Count = { passed: 0, failed: 0, skipped: 0 };

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

if (deep) {
  await step('build', 'scripts/build.ts');
  await vitest({ CARREL_DEEP: '1' });
} else {
  await step('check', 'scripts/check.ts');
  await step('build', 'scripts/build.ts');
  await vitest({});
  await browserSpecs();
  await electronSuite();
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function step(name: string, script: string): Promise<void> {
  const code = await run(script, [], {});
  if (code === 0) total.passed += 1;
  else {
    total.failed += 1;
    console.log(`${name} failed`);
  }
}

async function vitest(env: Record<string, string>): Promise<void> {
  const file = join(results, 'vitest.json');
  const args = ['run', '--config', 'test/vitest.config.ts'];
  args.push('--reporter=dot', '--reporter=json', `--outputFile.json=${file}`);
  args.push('--reporter=./test/flaky-reporter.ts');
  const code = await run(toolScript('vitest'), args, env);
  const report = readReport(file) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numTodoTests: number;
  } | null;
  total.passed += report?.numPassedTests ?? 0;
  const failed = report?.numFailedTests ?? 0;
  // A file that can't be loaded has no failed test: the exit code still says so.
  total.failed += failed === 0 && code !== 0 ? 1 : failed;
  total.skipped += (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
}

async function electronSuite(): Promise<void> {
  const why = noElectron();
  if (why) {
    console.log(`Electron suite skipped: ${why}`);
    total.skipped += 1;
    return;
  }
  await playwright('test/electron/playwright.config.ts', 'electron.json');
}

/** Why the real Electron can't run here; null where it can. */
function noElectron(): string | null {
  if (!findElectron()) return 'the Electron binary is not installed here (npm start fetches it).';
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) {
    return 'there is no display (xvfb-run npm test brings one).';
  }
  return null;
}

async function browserSpecs(): Promise<void> {
  if (!findBrowser()) {
    console.log(`Browser specs need Chromium, Chrome or Edge: ${INSTALL_HINT}`);
    if (process.env['CI']) total.failed += 1;
    else total.skipped += 1;
    return;
  }
  await playwright('test/playwright.config.ts', 'playwright.json');
}

async function playwright(config: string, reportName: string): Promise<void> {
  const file = join(results, reportName);
  const code = await run(toolScript('playwright'), ['test', '--config', config], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  const report = readReport(file) as {
    stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  } | null;
  const stats = report?.stats;
  const flaky = stats?.flaky ?? 0;
  if (flaky > 0) console.log(`${flaky} of them passed only at the second try (see "flaky" above)`);
  total.passed += (stats?.expected ?? 0) + flaky;
  const failed = stats?.unexpected ?? 0;
  total.failed += failed === 0 && code !== 0 ? 1 : failed;
  total.skipped += stats?.skipped ?? 0;
}

/** Runs a script of Node: a tool by its name alone is not found on Windows. */
function run(script: string, args: string[], env: Record<string, string>): Promise<number> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    child.on('error', (error) => {
      console.error(error.message);
      done(1);
    });
    child.on('close', (code) => done(code ?? 1));
  });
}

function readReport(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}
