/**
 * Builds Carrel where its sources are newer, then starts the desktop app, or the web shell where
 * there is no Electron or a person asks for it. Usage: npm start [-- --web] [--data-dir DIR]
 * [--workspace ID] [--port N] [--no-open]
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { fetchElectron, findElectron } from './electron-binary.ts';
import { isBuilt, type Part } from './is-built.ts';
import { runDesktop } from './run-desktop.ts';

const root = resolve(import.meta.dirname, '..');

const { values } = parseArgs({
  options: {
    web: { type: 'boolean', default: false },
    'data-dir': { type: 'string' },
    workspace: { type: 'string' },
    port: { type: 'string' },
    open: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
// Relative to where the person stands, which under npm is not the working directory.
const dataDir = values['data-dir']
  ? resolve(process.env['INIT_CWD'] ?? process.cwd(), values['data-dir'])
  : null;
const common = [
  ...(dataDir ? ['--data-dir', dataDir] : []),
  ...(values.workspace ? ['--workspace', values.workspace] : []),
];

/** The progress line that stands on the terminal. */
let shown = '';

buildIfNeeded();
const electron = values.web ? null : await electronOrWhyNot();
const code = electron ? await startDesktop(electron) : null;
if (code === null) await startWeb();
else process.exitCode = code;

function buildIfNeeded(): void {
  const stale = (['node', 'desktop'] satisfies Part[]).filter((part) => !isBuilt(part));
  if (stale.length === 0) return;
  console.error('Building Carrel …');
  // stdout is for the link.
  const build = spawnSync(process.execPath, ['scripts/build.ts', ...stale], {
    cwd: root,
    stdio: ['ignore', process.stderr, 'inherit'],
  });
  if (build.status !== 0) process.exit(build.status ?? 1);
}

/** Path of the Electron program, fetched first if it must be; null after one line that says why there is none. */
async function electronOrWhyNot(): Promise<string | null> {
  const { platform, env } = process;
  if (platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) {
    console.error('There is no desktop here: Carrel runs in the browser.');
    return null;
  }
  const installed = findElectron();
  if (installed) return installed;
  const problem = await fetchElectron({ onProgress: showProgress });
  if (process.stderr.isTTY) process.stderr.write('\n');
  const fetched = findElectron();
  if (!fetched) {
    console.error(
      `Electron could not be fetched (${problem ?? 'it is not where it should be'}): Carrel runs in the browser.`,
    );
  }
  return fetched;
}

function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text.padEnd(shown.length)}`);
  else if (shown === '') console.error(text);
  shown = text;
}

/** Runs the desktop app to its end; its exit code, or null after one line that says why it can't run. */
async function startDesktop(program: string): Promise<number | null> {
  const result = await runDesktop({ program, args: [root, ...common], cwd: root });
  if (typeof result === 'number') return result;
  console.error(`Electron can't run on this system (${result}): Carrel runs in the browser.`);
  return null;
}

/** Becomes the web shell: prints the link and runs until Ctrl-C. */
async function startWeb(): Promise<void> {
  const program = resolve(root, 'out/node/serve.cjs');
  process.argv = [
    process.execPath,
    program,
    ...common,
    ...(values.port ? ['--port', values.port] : []),
    ...(values.open ? ['--open'] : []),
  ];
  await import(pathToFileURL(program).href);
}
