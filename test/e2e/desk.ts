import type { Locator, Page } from '@playwright/test';
import type { App } from '../helpers/browser-app.ts';
import type { SseServer } from '../helpers/sse-server.ts';

/** The screens by the names that the design promises. */
export type Place = 'Chat' | 'Knowledge' | 'Library' | 'Health' | 'Settings';

export function go(page: Page, place: Place): Promise<void> {
  return page.getByRole('link', { name: place, exact: true }).click();
}

export function messageBox(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Message', exact: true });
}

export function answers(page: Page): Locator {
  return page.getByRole('article', { name: 'Answer' });
}

export function button(at: Page | Locator, name: string | RegExp): Locator {
  return at.getByRole('button', { name, exact: true });
}

/** Asks as a person does: writes into the box and presses Enter. */
export async function ask(page: Page, text: string): Promise<void> {
  await messageBox(page).fill(text);
  await messageBox(page).press('Enter');
}

/** Makes a test server a provider of the workspace, as the engine's own user. */
export async function addProvider(
  app: App,
  server: SseServer,
  options: { readonly id?: string; readonly key?: string } = {},
): Promise<void> {
  const engine = await app.engine();
  await engine.call('providers.add', {
    id: options.id ?? 'desk-model',
    baseUrl: server.baseUrl,
    ...(options.key === undefined ? {} : { key: options.key }),
  });
}

/** Adds a folder of the home folder as a collection. */
export async function addCollection(
  app: App,
  collection: string,
  files: Readonly<Record<string, string | Buffer>>,
): Promise<string> {
  const folder = app.writeHome(collection, files);
  const engine = await app.engine();
  await engine.stream('knowledge.add', { collection, paths: [folder] });
  return folder;
}

/**
 * Drops real files and folders of this machine on an element, as the system's own drag does: the page
 * gets entries to walk, which a drop made of script has not.
 */
export async function dropFiles(target: Locator, paths: readonly string[]): Promise<void> {
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  if (!box) throw new Error('nothing to drop on');
  const page = target.page();
  const devtools = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await devtools.send('Input.dispatchDragEvent', { type, ...at, data });
  }
  await devtools.detach();
}
