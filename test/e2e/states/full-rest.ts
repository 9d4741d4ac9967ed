import { expect, type Page } from '@playwright/test';
import { button, go } from '../desk.ts';
import { escape, section } from './empty.ts';
import type { ScreenState } from './stage.ts';

async function collection(page: Page, name: RegExp): Promise<void> {
  await go(page, 'Knowledge');
  await page.getByRole('option', { name }).click();
}

export const knowledgeStates: readonly ScreenState[] = [
  {
    name: 'knowledge-full',
    show: async ({ page }) => {
      await collection(page, /^Runbooks/);
      await page
        .getByRole('searchbox', { name: 'Search knowledge' })
        .fill('how long before the third webhook retry');
      await expect(page.getByRole('list', { name: 'Passages' })).toBeVisible();
      await expect(
        page
          .getByRole('region', { name: 'Preview' })
          .getByText(/^Cited, line/)
          .first(),
      ).toBeAttached();
    },
  },
  {
    name: 'knowledge-nothing',
    show: async ({ page }) => {
      const box = page.getByRole('searchbox', { name: 'Search knowledge' });
      await box.fill('zeppelin');
      await expect(page.getByText('No passage found')).toBeVisible();
      return () => box.fill('');
    },
  },
  {
    name: 'knowledge-files',
    show: async ({ page }) => {
      await collection(page, /^Service code/);
      await page.getByRole('tab', { name: /^Files/ }).click();
      await expect(page.getByRole('table')).toBeVisible();
    },
  },
  {
    name: 'knowledge-sources',
    show: async ({ page }) => {
      await page.getByRole('tab', { name: 'Sources' }).click();
      await expect(button(page, 'Look for changes')).toBeVisible();
      return () => page.getByRole('tab', { name: 'Search' }).click();
    },
  },
  {
    name: 'knowledge-remove-dialog',
    show: async ({ page }) => {
      await button(page, 'More').click();
      await page.getByRole('menuitem', { name: 'Remove the collection' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      return escape(page);
    },
  },
  {
    name: 'knowledge-busy',
    show: async ({ app, page }) => {
      const many = Array.from({ length: 6_000 }, (_, n) => [
        `part-${n % 50}/note-${n}.md`,
        `# Note ${n}\n\nThe third retry of pier ${n}.\n`.repeat(20),
      ]);
      app.writeHome('archive', Object.fromEntries(many));
      await button(page, 'Add files or folder').click();
      const dialog = page.getByRole('dialog', { name: 'Add files or folder' });
      await button(dialog, 'Choose a path on the machine that runs Carrel').click();
      await button(dialog, 'archive').click();
      await button(dialog, 'Use this folder').click();
      await dialog.getByRole('textbox', { name: 'Collection' }).fill('Archive');
      await button(dialog, 'Add').click();
      const queue = page.getByRole('region', { name: 'Indexing' });
      await expect(queue).toContainText(/of 6,000/);
      return async () => {
        await button(queue, 'Cancel').click();
        await expect(queue.getByText(/^Cancelled/)).toBeVisible();
      };
    },
  },
  {
    name: 'knowledge-cancelled',
    show: async ({ app, page }) => {
      await expect(page.getByRole('region', { name: 'Indexing' })).toBeVisible();
      return async () => {
        await button(page, 'Dismiss Archive').click();
        const engine = await app.engine();
        await engine.call('knowledge.remove', { collection: 'Archive' });
      };
    },
  },
];

export const libraryStates: readonly ScreenState[] = [
  {
    name: 'library-full',
    show: async ({ page }) => {
      await go(page, 'Library');
      await expect(page.getByRole('treeitem', { name: /edited/ })).toBeVisible();
    },
  },
  {
    name: 'library-prompt',
    show: async ({ page }) => {
      await page.getByRole('treeitem', { name: 'Weigh options' }).click();
      await expect(page.getByRole('region', { name: 'Variables' })).toBeVisible();
    },
  },
  {
    name: 'library-agent',
    show: async ({ page }) => {
      await page.getByRole('treeitem', { name: /code reviewer/i }).click();
      await expect(button(page, 'Use in chat')).toBeVisible();
    },
  },
  {
    name: 'library-filter-nothing',
    show: async ({ page }) => {
      await page.getByRole('searchbox', { name: 'Filter items' }).fill('zeppelin');
      await expect(page.getByText('No item fits')).toBeVisible();
      return () => button(page, 'Clear the filter').click();
    },
  },
];

export const otherStates: readonly ScreenState[] = [
  {
    name: 'palette-search',
    show: async ({ page }) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('retry');
      await expect(page.getByRole('group', { name: 'Conversations' })).toBeVisible();
      return escape(page);
    },
  },
  {
    name: 'palette-nothing',
    show: async ({ page }) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('zeppelin');
      await expect(page.getByText('Nothing has these words.')).toBeVisible();
      return escape(page);
    },
  },
  {
    name: 'health-overview',
    show: async ({ page }) => {
      await go(page, 'Health');
      await expect(page.getByRole('list', { name: 'Checks that are fine' })).toBeVisible();
    },
  },
  {
    name: 'health-logs',
    show: async ({ page }) => {
      await page.getByRole('link', { name: 'Logs' }).click();
      await expect(page.getByRole('log')).toBeVisible();
    },
  },
  {
    name: 'settings-providers',
    show: async ({ page }) => {
      await go(page, 'Settings');
      await button(page, 'Test office').click();
      await expect(page.getByText(/^Ready, answered in/)).toBeVisible();
    },
  },
  {
    name: 'settings-provider-remove-dialog',
    show: async ({ page }) => {
      await button(page, 'Remove office').click();
      await expect(page.getByRole('dialog')).toBeVisible();
      return escape(page);
    },
  },
  section('Routes'),
  section('Privacy'),
  {
    name: 'engine-restarted',
    show: async ({ app, page }) => {
      await go(page, 'Chat');
      app.killEngine();
      await expect(
        page.getByText('The engine was restarted. What was stored is safe.'),
      ).toBeVisible();
      return () => button(page, 'Dismiss').click();
    },
  },
  {
    name: 'engine-away',
    show: async ({ app, page }) => {
      await app.stop();
      await expect(
        page.getByText('Carrel can’t be reached. What was stored is safe.'),
      ).toBeVisible();
    },
  },
];
