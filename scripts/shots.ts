/**
 * Photographs every state of every screen in both themes and two window sizes, into shots/.
 * Usage: npm run shots [-- name…]: only states whose name begins so (their scene is played up to them).
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from '@playwright/test';
import { play, scenes, themes } from '../test/e2e/states.ts';
import { launchOptions } from '../test/helpers/browser-launch.ts';
import { findBrowser, INSTALL_HINT } from './browser.ts';

const root = resolve(import.meta.dirname, '..');
const out = join(root, 'shots');
const sizes = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
] as const;
const wanted = process.argv.slice(2);
const isWanted = (name: string): boolean =>
  wanted.length === 0 || wanted.some((start) => name.startsWith(start));

if (!findBrowser()) throw new Error(`Pictures need Chromium, Chrome or Edge: ${INSTALL_HINT}`);
if (!existsSync(join(root, 'out', 'node', 'serve.cjs'))) {
  throw new Error('out/ is missing: run npm run build first');
}
if (wanted.length === 0) rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

let pictures = 0;
const browser = await chromium.launch(launchOptions());
try {
  for (const scene of scenes) {
    if (!scene.states.some(({ name }) => isWanted(name))) continue;
    const context = await browser.newContext({ viewport: sizes[0] });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await play(scene, page, async ({ name }) => {
      if (!isWanted(name)) return;
      for (const size of sizes) {
        await page.setViewportSize(size);
        for (const colorScheme of themes) {
          await page.emulateMedia({ colorScheme });
          const file = `${name}-${size.width}x${size.height}-${colorScheme}.png`;
          await page.screenshot({ path: join(out, file), animations: 'disabled', caret: 'hide' });
          console.log(`shots/${file}`);
          pictures += 1;
        }
      }
      await page.setViewportSize(sizes[0]);
    });
    await context.close();
  }
} finally {
  await browser.close();
}
console.log(`${pictures} pictures`);
