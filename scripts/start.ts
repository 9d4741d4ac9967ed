/**
 * Builds Carrel where its sources are newer, then starts the desktop app, or the web shell where
 * there is no Electron or a person asks for it. Usage: npm start [-- --web] [--data-dir DIR]
 * [--workspace ID] [--port N] [--no-open]
 */
import { spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { watchParent } from '../src-main/web/parent-watch.ts';
import { fetchElectron, findElectron } from './electron-binary.ts';
import { isBuilt, type Part } from './is-built.ts';

const root = resolve(import.meta.dirname, '..');
/** Time the desktop app has to end after it was asked to. */
const END_MS = 5_000;
/** What a program ends with when a library of the system is missing. */
const NOT_RUNNABLE = 127;

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

buildIfNeeded();
const electron = values.web ? null : await electronOrWhyNot();
const code = electron ? await startDesktop(electron) : NOT_RUNNABLE;
if (code !== NOT_RUNNABLE) process.exitCode = code;
else await startWeb();

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

let shown = '';
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text.padEnd(shown.length)}`);
  else if (shown === '') console.error(text);
  shown = text;
}

/** Runs the desktop app to its end; its exit code. */
function startDesktop(program: string): Promise<number> {
  return new Promise((done) => {
    const app = spawn(program, [root, ...common], { cwd: root, stdio: 'inherit' });
    const end = (): void => {
      app.kill('SIGTERM');
      setTimeout(() => app.kill('SIGKILL'), END_MS).unref();
    };
    const stopWatching = watchParent(end);
    // Ctrl-C in a terminal reaches the app as well; asked twice it is asked once.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end);
    app.once('error', (error) => {
      console.error(`Electron can't be started (${error.message}): Carrel runs in the browser.`);
      stopWatching();
      done(NOT_RUNNABLE);
    });
    app.once('close', (exit) => {
      stopWatching();
      if (exit === NOT_RUNNABLE) {
        console.error(`Electron can't run on this system: Carrel runs in the browser.`);
      }
      done(exit ?? 1);
    });
  });
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
