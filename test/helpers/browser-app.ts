import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';
import type { DesktopApp } from '../electron/desktop-app.ts';
import { EngineUser } from './browser-engine.ts';
import { startSseServer, type SseServer, type SseServerOptions } from './sse-server.ts';

const root = resolve(import.meta.dirname, '..', '..');
/** Generous: on a busy machine an engine starts in seconds, not in tenths. */
const START_MS = 30_000;
const LOOK_MS = 20;

/** The built web shell as a process of its own, over a data directory that outlives restarts of it. */
export class App {
  readonly dataDir: string;
  /** The person's home folder as this app sees it: where the path picker begins. */
  readonly home: string;
  readonly #root: string;
  #child: ChildProcess | null = null;
  #engine: EngineUser | null = null;
  #url = '';

  constructor() {
    this.#root = mkdtempSync(join(tmpdir(), 'carrel-e2e-'));
    this.dataDir = join(this.#root, 'data');
    this.home = join(this.#root, 'home');
    mkdirSync(this.home);
  }

  /** A link that lets one browser in. */
  get url(): string {
    return this.#url;
  }

  /** The origin that every request of a page must stay in. */
  get origin(): string {
    return new URL(this.#url).origin;
  }

  async start(): Promise<void> {
    const program = join(root, 'out/node/serve.cjs');
    if (!existsSync(program)) throw new Error('out/ is missing: run npm run build first');
    const child = spawn(process.execPath, [program, '--json', '--data-dir', this.dataDir], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        HOME: this.home,
        USERPROFILE: this.home,
        CARREL_LOG_LEVEL: 'debug',
      },
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
    this.#engine?.close();
    this.#engine = null;
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolveWith) => child.once('exit', resolveWith));
    child.kill('SIGTERM');
    await ended;
  }

  /** Stops it and erases all that it wrote. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#root, { recursive: true, force: true });
  }

  /** The engine's process, from the file that tells clients how to attach; null while none runs. */
  enginePid(): number | null {
    if (!existsSync(this.#attachFile)) return null;
    return (JSON.parse(readFileSync(this.#attachFile, 'utf8')) as { pid: number }).pid;
  }

  /** kill -9 of the engine. */
  killEngine(): void {
    const pid = this.enginePid();
    if (pid === null) throw new Error('no engine runs');
    this.#engine?.close();
    process.kill(pid, 'SIGKILL');
  }

  /** The running engine as a second client: to set up what a test begins with, and to look at what is stored. */
  async engine(): Promise<EngineUser> {
    if (this.#engine?.isOpen) return this.#engine;
    const deadline = performance.now() + START_MS;
    for (;;) {
      const engine = await EngineUser.attach(this.#attachFile);
      if (engine) {
        this.#engine = engine;
        return engine;
      }
      if (performance.now() > deadline) throw new Error('no engine to attach to');
      await wait(LOOK_MS);
    }
  }

  /** What first start leaves behind when a person skips it. */
  async skipFirstStart(): Promise<void> {
    const engine = await this.engine();
    await engine.call('settings.set', { key: 'onboarding.done', value: true });
  }

  /** Writes files below the home folder; returns the absolute path of `folder`. */
  writeHome(folder: string, files: Readonly<Record<string, string | Buffer>>): string {
    const at = join(this.home, folder);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(at, path)), { recursive: true });
      writeFileSync(join(at, path), content);
    }
    return at;
  }

  /** A file of the materialised library, as a person would find it on disk. */
  libraryFile(path: string): string {
    return join(this.dataDir, 'workspaces', 'default', 'files', path);
  }

  /** Shows the app in a page, with a link of a start; a page that was let in before may just reload. */
  async open(page: Page): Promise<void> {
    await page.goto(this.url);
  }

  get #attachFile(): string {
    return join(this.dataDir, 'workspaces', 'default', 'engine.json');
  }
}

interface Fixtures {
  /** A started app over a fresh data directory. */
  readonly app: App;
  /** A page in Chat; first start was skipped. */
  readonly desk: Page;
  /** Starts servers that speak the chat completions protocol; ended after the test. */
  readonly provider: (options?: SseServerOptions) => Promise<SseServer>;
  /**
   * What the pages must never say or do: refused by the content security policy, thrown, or asked
   * from anywhere but the app itself. Checked after each test.
   */
  readonly quiet: string[];
}

/** The same specs over the desktop app: test/electron/playwright.config.ts sets it. */
const isDesktop = process.env['CARREL_E2E_SHELL'] === 'desktop';

async function newApp(): Promise<App> {
  if (!isDesktop) return new App();
  const { DesktopApp } = await import('../electron/desktop-app.ts');
  return new DesktopApp();
}

/** The desktop app brings its window; a browser is not started. */
const desktopFixtures: Parameters<typeof base.extend<Fixtures>>[0] = {
  context: async ({ app }, use) => use((app as DesktopApp).context),
  page: async ({ app }, use) => use(await (app as DesktopApp).window()),
};

export const test = base.extend<Fixtures>({
  ...(isDesktop ? desktopFixtures : {}),
  // Playwright reads the names of the fixtures from a destructured first parameter.
  // oxlint-disable-next-line no-empty-pattern
  app: async ({}, use) => {
    const app = await newApp();
    try {
      await app.start();
      await use(app);
    } finally {
      await app.remove();
    }
  },
  desk: async ({ app, page }, use) => {
    await app.skipFirstStart();
    await app.open(page);
    await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible();
    await use(page);
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
    async ({ context, app }, use) => {
      const said: string[] = [];
      watch(context, said, () => app.origin);
      await use(said);
      expect(said).toEqual([]);
    },
    { auto: true },
  ],
});

/** Notes in `said` whatever a page of `context` must not do. */
export function watch(context: BrowserContext, said: string[], origin: () => string): void {
  const origins = new Set<string>();
  context.on('request', (request) => {
    const url = new URL(request.url());
    origins.add(origin());
    if (url.protocol === 'data:' || url.protocol === 'blob:') return;
    if (!origins.has(url.origin.replace(/^ws/, 'http'))) said.push(`asked: ${url.href}`);
  });
  context.on('weberror', (error) => said.push(`thrown: ${error.error().message}`));
  context.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && /Content Security Policy|Uncaught/.test(text)) {
      said.push(text);
    }
  });
}

export { expect };
