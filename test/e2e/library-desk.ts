import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { App, expect } from '../helpers/browser-app.ts';
import { git, type TeamRepo } from '../helpers/git-repo.ts';
import { button, go } from './desk.ts';

/** Clones on the Library screen, as a person does. */
export async function clone(page: Page, url: string): Promise<void> {
  await go(page, 'Library');
  await page.getByRole('textbox', { name: 'Clone a URL' }).fill(url);
  await button(page, 'Clone').click();
  await expect(items(page)).toBeVisible();
}

export function items(page: Page): Locator {
  return page.getByRole('tree', { name: 'Items' });
}

export function row(page: Page, name: RegExp | string): Locator {
  return items(page).getByRole('treeitem', { name });
}

export function tab(page: Page, name: string | RegExp): Locator {
  return page.getByRole('tab', { name });
}

/** Goes to an address of the library. */
export async function show(page: Page, path: string, view = ''): Promise<void> {
  const hash = `#/library/${path}${view === '' ? '' : `?view=${view}`}`;
  await page.evaluate((to) => (window.location.hash = to), hash);
}

/** The text box of the editor. */
export function source(page: Page): Locator {
  return page.getByRole('textbox', { name: /^Source of / });
}

/** Publishes all that is ticked, with a message. */
export async function publish(page: Page, message: string): Promise<void> {
  await page.getByRole('button', { name: /^Publish \d/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Publish to the team' });
  await dialog.getByRole('textbox', { name: 'What you changed, and why' }).fill(message);
  await dialog.getByRole('button', { name: /^Publish \d/ }).click();
  await expect(dialog).toHaveCount(0);
}

/** A file as the team's remote has it now. */
export function atRemote({ bare }: TeamRepo, path: string): string {
  return git(bare, 'show', `main:${path}`);
}

export function onDisk(app: App, path: string): string {
  return readFileSync(app.libraryFile(path), 'utf8');
}

/** Another person with a Carrel of their own: the web shell, whatever shell the test is about. */
export async function withColleague(use: (app: App) => Promise<void>): Promise<void> {
  const colleague = new App();
  try {
    await colleague.start();
    await colleague.skipFirstStart();
    await use(colleague);
  } finally {
    await colleague.remove();
  }
}

/** Native git's own judgement of what Carrel wrote. Throws with its output where it complains. */
export function fsckLibrary(app: App): void {
  const dir = app.libraryFile('../library');
  git(dir, '--git-dir=.', 'fsck', '--strict', '--full', '--no-dangling');
}
