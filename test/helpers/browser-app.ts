import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { startSseServer, type SseServer, type SseServerOptions } from './sse-server.ts';

const root = resolve(import.meta.dirname, '..', '..');
const START_MS = 30_000;

/** The built web shell as a process of its own, over a data directory that outlives restarts of it. */
export class App {
  readonly dataDir: string;
  #child: ChildProcess | null = null;
  #url = '';

  constructor(dataDir: string) {
    this.dataDir = dataDir;
  }

  /** A link that lets one browser in. */
  get url(): string {
    return this.#url;
  }

  async start(): Promise<void> {
    const program = join(root, 'out/node/serve.cjs');
    if (!existsSync(program)) throw new Error('out/ is missing: run npm run build first');
    const child = spawn(process.execPath, [program, '--json', '--data-dir', this.dataDir], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, CARREL_LOG_LEVEL: 'debug' },
    });
    this.#child = child;
    let output = '';
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    this.#url = await new Promise<string>((resolveWith, reject) => {
      const late = setTimeout(() => reject(new Error(`not started: ${errors}`)), START_MS);
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (!output.includes('\n')) return;
        clearTimeout(late);
        const answer = JSON.parse(output) as { ok: boolean; url: string };
        if (answer.ok) resolveWith(answer.url);
        else reject(new Error(`refused: ${output}`));
      });
      child.once('exit', () => reject(new Error(`ended at its start: ${output}${errors}`)));
    });
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolveWith) => child.once('exit', resolveWith));
    child.kill('SIGTERM');
    await ended;
  }

  /** The engine's process, from the file that tells clients how to attach; null while none runs. */
  enginePid(): number | null {
    const file = join(this.dataDir, 'workspaces', 'default', 'engine.json');
    if (!existsSync(file)) return null;
    return (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid;
  }

  /** kill -9 of the engine. */
  killEngine(): void {
    const pid = this.enginePid();
    if (pid === null) throw new Error('no engine runs');
    process.kill(pid, 'SIGKILL');
  }

  /** Shows the app in a page, with a link of a start; a page that was let in before may just reload. */
  async open(page: Page): Promise<void> {
    await page.goto(this.url);
  }
}

interface Fixtures {
  readonly app: App;
  /** Starts servers that speak the chat completions protocol; ended after the test. */
  readonly provider: (options?: SseServerOptions) => Promise<SseServer>;
  /** What a page must never say: refused by its content security policy, or thrown. Checked after each test. */
  readonly quiet: string[];
}

export const test = base.extend<Fixtures>({
  // Playwright reads the names of the fixtures from a destructured first parameter.
  // oxlint-disable-next-line no-empty-pattern
  app: async ({}, use) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'carrel-e2e-'));
    const app = new App(dataDir);
    await app.start();
    await use(app);
    await app.stop();
    rmSync(dataDir, { recursive: true, force: true });
  },
  // oxlint-disable-next-line no-empty-pattern
  provider: async ({}, use) => {
    const open: SseServer[] = [];
    await use(async (options) => {
      const server = await startSseServer(options);
      open.push(server);
      return server;
    });
    await Promise.all(open.map((server) => server.close()));
  },
  quiet: [
    async ({ page }, use) => {
      const said: string[] = [];
      page.on('pageerror', (error) => said.push(`thrown: ${error.message}`));
      page.on('console', (message) => {
        const text = message.text();
        if (message.type() === 'error' && /Content Security Policy|Uncaught/.test(text)) {
          said.push(text);
        }
      });
      await use(said);
      expect(said).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
