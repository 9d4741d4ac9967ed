import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { App } from '../helpers/browser-app.ts';
import { startSseServer } from '../helpers/sse-server.ts';
import { empty } from './states/empty.ts';
import { firstStart } from './states/first-start.ts';
import { full } from './states/full.ts';
import { cloning, library } from './states/library.ts';
import type { Scene, ScreenState } from './states/stage.ts';

/** Every state of every screen: photographed by `npm run shots`, judged by axe in the tests. A new state is one entry in its scene. */
export const scenes: readonly Scene[] = [firstStart, empty, full, cloning, library];

/** Themes follow the computer's wish, which a page can be told. */
export const themes = ['light', 'dark'] as const;

/** Plays a scene in `page` over an app of its own; `look` is called in each of its states. */
export async function play(
  scene: Scene,
  page: Page,
  look: (state: ScreenState, app: App) => Promise<void>,
): Promise<void> {
  const app = new App();
  const root = mkdtempSync(join(tmpdir(), 'carrel-scene-'));
  const ends: (() => Promise<void>)[] = [];
  const stage = {
    app,
    page,
    root,
    provider: async (options?: Parameters<typeof startSseServer>[0]) => {
      const server = await startSseServer(options);
      ends.push(() => server.close());
      return server;
    },
    atEnd: (end: () => Promise<void>) => void ends.push(end),
  };
  try {
    await app.start();
    await scene.prepare(stage);
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
    await app.open(page);
    for (const state of scene.states) {
      const leave = await state.show(stage);
      await look(state, app);
      await leave?.();
    }
  } finally {
    await Promise.all(ends.map((end) => end()));
    await app.remove();
    rmSync(root, { recursive: true, force: true });
  }
}
