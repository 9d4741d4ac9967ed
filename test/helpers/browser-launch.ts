import type { LaunchOptions } from '@playwright/test';
import { findBrowser } from '../../scripts/browser.ts';

/** The installed browser, quiet: nothing of its own goes out while a test watches. */
export function launchOptions(): LaunchOptions {
  const executablePath = findBrowser();
  const isRoot = process.getuid?.() === 0;
  return {
    ...(executablePath ? { executablePath } : {}),
    args: [
      // Chromium's sandbox does not work for root, which is who runs in most containers.
      ...(isRoot ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      '--no-first-run',
    ],
  };
}
