import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outNode } from './built.helper.ts';

/** Far above what any command takes; a command that hangs fails its test instead of the run. */
const COMMAND_MS = 25_000;

export type Json = Readonly<Record<string, unknown>>;

export interface RunOptions {
  /** What is piped in; nothing without it. */
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** When to give up, in milliseconds. */
  readonly limitMs?: number;
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of stdout, each a JSON document. */
  readonly lines: readonly Json[];
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  /** Lines of stdout so far, each a JSON document. */
  readonly lines: () => readonly Json[];
  /** Resolves with the first line that fits, as soon as it is printed. */
  readonly line: (fits: (line: Json) => boolean) => Promise<Json>;
  readonly finished: Promise<Finished>;
}

/** The built command line over one data directory. */
export class Cli {
  readonly dataDir: string;
  readonly #running = new Set<ChildProcess>();

  constructor(dataDir: string = mkdtempSync(join(tmpdir(), 'carrel-cli-'))) {
    this.dataDir = dataDir;
  }

  /** Runs `carrel --data-dir … --json <args>` to its end. */
  run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    return this.start(['--json', ...args], options).finished;
  }

  /** The one document of a command that must succeed. */
  async ok(args: readonly string[], options: RunOptions = {}): Promise<Json> {
    const { code, lines, stdout, stderr } = await this.run(args, options);
    const [document] = lines;
    if (code !== 0 || lines.length !== 1 || document?.['ok'] !== true) {
      throw new Error(`carrel ${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`);
    }
    return document;
  }

  /** Starts `carrel --data-dir … <args>`. */
  start(args: readonly string[], options: RunOptions = {}): Running {
    const { CARREL_DATA_DIR: _, INIT_CWD: __, ...env } = process.env;
    const child = spawn(
      process.execPath,
      [join(outNode, 'cli.cjs'), '--data-dir', this.dataDir, ...args],
      { env: { ...env, ...options.env }, ...(options.cwd ? { cwd: options.cwd } : {}) },
    );
    this.#running.add(child);
    child.stdin.end(options.input ?? '');
    let stdout = '';
    let stderr = '';
    const heard = new Set<() => void>();
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      for (const listener of heard) listener();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const late = setTimeout(() => child.kill('SIGKILL'), options.limitMs ?? COMMAND_MS);
    const lines = (): Json[] => jsonLines(stdout);
    const finished = new Promise<Finished>((resolve) => {
      child.on('close', (code) => {
        clearTimeout(late);
        this.#running.delete(child);
        resolve({ code, stdout, stderr, lines: lines() });
      });
    });
    const line = (fits: (line: Json) => boolean): Promise<Json> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines().find(fits);
          if (found) {
            heard.delete(look);
            resolve(found);
          }
        };
        heard.add(look);
        look();
        void finished.then(() => reject(new Error(`no such line:\n${stdout}\n${stderr}`)));
      });
    return { child, lines, line, finished };
  }

  /** Path below the workspace's own folder. */
  workspace(...names: string[]): string {
    return join(this.dataDir, 'workspaces', 'default', ...names);
  }

  /** What the running engine wrote for others to attach. */
  attachInfo(): { readonly pid: number; readonly path: string; readonly token: string } {
    return JSON.parse(readFileSync(this.workspace('engine.json'), 'utf8')) as {
      pid: number;
      path: string;
      token: string;
    };
  }

  /** Ends what still runs and removes the data. */
  async end(): Promise<void> {
    const left = [...this.#running].map(
      (child) => new Promise((resolve) => child.once('close', resolve)),
    );
    for (const child of this.#running) child.kill('SIGKILL');
    await Promise.all(left);
    // A killed web shell's engine notices its parent's end and finishes what it writes.
    rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** Complete lines only: the last one may still be on its way. Words for a person are no JSON and left out. */
function jsonLines(text: string): Json[] {
  return text
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Json);
}

/** Whether a process runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
