import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = resolve(import.meta.dirname, '..', 'node_modules', 'electron');

/** No connection, or no byte, for so long: the machine is closed off or the line is dead. */
const SILENT_MS = 10_000;
/** Checking and unpacking some 120 MB on a slow disk. */
const UNPACK_MS = 180_000;

/** What electron-fetch-hook.mjs tells of the download. */
export type FetchMessage =
  | { readonly t: 'bytes'; readonly received: number; readonly total: number }
  | { readonly t: 'failed'; readonly reason: string };

/** Path of the installed Electron program; null where its binary was never fetched, or not wholly. */
export function findElectron(): string | null {
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist');
  const program = join(dist, readFileSync(pathFile, 'utf8'));
  return existsSync(program) ? program : null;
}

export interface FetchElectronOptions {
  /** One line for a person, each time it changes. */
  readonly onProgress: (text: string) => void;
  /** Tests shorten it. */
  readonly silentMs?: number;
}

/** Runs Electron's own install script. Resolves to null when it is done, or to why it could not. */
export function fetchElectron(options: FetchElectronOptions): Promise<string | null> {
  const silentMs = options.silentMs ?? SILENT_MS;
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const temporary = mkdtempSync(join(tmpdir(), 'carrel-electron-'));
  const hook = pathToFileURL(join(import.meta.dirname, 'electron-fetch-hook.mjs')).href;
  const show = (text: string): void => options.onProgress(`Fetching Electron ${version}: ${text}`);
  return new Promise((resolveWith) => {
    const script = fork(join(folder, 'install.js'), [], {
      execArgv: ['--import', hook],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {
        ...process.env,
        ELECTRON_GET_NO_PROGRESS: '1',
        // Node's own reading of HTTP_PROXY and its kin.
        NODE_USE_ENV_PROXY: '1',
        // What an interrupted download leaves goes with it.
        TMPDIR: temporary,
        TEMP: temporary,
      },
    });
    let problem: string | null = null;
    let lastWords = '';
    const giveUp = (reason: string): void => {
      problem = reason;
      script.kill('SIGKILL');
    };
    let silence = setTimeout(() => giveUp(`no connection for ${silentMs / 1000} s`), silentMs);
    const expect = (ms: number, reason: string): void => {
      clearTimeout(silence);
      silence = setTimeout(() => giveUp(reason), ms);
    };
    show('connecting …');
    script.stderr?.on('data', (chunk: Buffer) => (lastWords = chunk.toString('utf8')));
    script.on('message', (message: unknown) => {
      const told = message as FetchMessage;
      if (told.t === 'failed') {
        problem = told.reason;
        return;
      }
      const isWhole = told.total > 0 && told.received >= told.total;
      show(isWhole ? 'unpacking …' : `${megabytes(told.received)} of ${megabytes(told.total)} MB`);
      if (isWhole) expect(UNPACK_MS, 'unpacking took too long');
      else expect(silentMs, `no byte for ${silentMs / 1000} s`);
    });
    script.once('error', (error) => (problem = error.message));
    script.once('close', (code) => {
      clearTimeout(silence);
      rmSync(temporary, { recursive: true, force: true });
      resolveWith(code === 0 ? null : (problem ?? firstLine(lastWords) ?? `exit code ${code}`));
    });
  });
}

function megabytes(bytes: number): string {
  return bytes > 0 ? String(Math.round(bytes / 1_000_000)) : '?';
}

function firstLine(text: string): string | undefined {
  return text.split('\n').find((line) => line.trim() !== '');
}
