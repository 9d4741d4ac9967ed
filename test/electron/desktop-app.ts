import { join } from 'node:path';
import {
  _electron,
  type BrowserContext,
  type ElectronApplication,
  type Page,
} from '@playwright/test';
import { findElectron } from '../../scripts/electron-binary.ts';
import { App } from '../helpers/browser-app.ts';
import { root } from '../helpers/imports.helper.ts';

/** The built desktop app on the real Electron, in the place of the web shell of the browser specs. */
export class DesktopApp extends App {
  #electron: ElectronApplication | null = null;

  /** Node gives a scheme of one's own no origin; that nothing else is asked for is still seen. */
  override get origin(): string {
    return 'null';
  }

  get context(): BrowserContext {
    return this.#running.context();
  }

  override async start(): Promise<void> {
    const executablePath = findElectron();
    if (!executablePath)
      throw new Error('the Electron binary is not installed: npm start fetches it');
    // Chromium's own sandbox refuses root, as containers of CI have it.
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    this.#electron = await _electron.launch({
      executablePath,
      args: [
        ...asRoot,
        join(root, 'out', 'desktop', 'main', 'main.cjs'),
        '--data-dir',
        this.dataDir,
      ],
      env: {
        ...(process.env as Record<string, string>),
        HOME: this.home,
        USERPROFILE: this.home,
        CARREL_LOG_LEVEL: 'debug',
      },
    });
    await this.window();
  }

  override async stop(): Promise<void> {
    await super.stop();
    const electron = this.#electron;
    this.#electron = null;
    await electron?.close();
  }

  /** Its one window. */
  window(): Promise<Page> {
    return this.#running.firstWindow();
  }

  /** The window shows the app by itself; anew it begins with what is stored by now. */
  override async open(page: Page): Promise<void> {
    await page.reload();
  }

  get #running(): ElectronApplication {
    if (!this.#electron) throw new Error('not started');
    return this.#electron;
  }
}
