import { expect, type Page } from '@playwright/test';
import { button, dropFiles } from '../desk.ts';
import { runbooks } from './data.ts';
import type { Scene } from './stage.ts';

function welcome(page: Page) {
  return page.getByRole('dialog', { name: 'Welcome to Carrel' });
}

/** The three steps, in their order. */
export const firstStart: Scene = {
  name: 'first-start',
  prepare: async ({ app }) => {
    app.writeHome('Runbooks', { ...runbooks, 'poster-scan.pdf': Buffer.from('%PDF-1.7\n') });
  },
  states: [
    {
      name: 'first-start-library',
      show: async ({ page }) => {
        await expect(
          welcome(page).getByRole('heading', { name: 'Choose a library' }),
        ).toBeVisible();
      },
    },
    {
      name: 'first-start-library-failing',
      show: async ({ page }) => {
        await welcome(page)
          .getByRole('radio', { name: 'My team’s library' })
          .check({ force: true });
        await welcome(page)
          .getByRole('textbox', { name: 'Address of the repository' })
          .fill('/srv/git/no-such-library.git');
        await button(welcome(page), 'Clone and go on').click();
        await expect(welcome(page).getByRole('alert')).toBeVisible();
      },
    },
    {
      name: 'first-start-provider',
      show: async ({ page }) => {
        await welcome(page)
          .getByRole('radio', { name: 'The starter library' })
          .check({ force: true });
        await button(welcome(page), 'Open the starter library').click();
        await expect(
          welcome(page).getByRole('heading', { name: 'Choose a provider' }),
        ).toBeVisible();
        await expect(welcome(page).getByText('Looking for model servers')).toHaveCount(0);
      },
    },
    {
      name: 'first-start-provider-failing',
      show: async ({ page, provider }) => {
        const server = await provider({ key: 'sk-another' });
        const step = welcome(page);
        await step.getByRole('radio', { name: 'A provider with a key' }).check({ force: true });
        await step.getByRole('textbox', { name: 'Address' }).fill(server.baseUrl);
        await step.getByRole('textbox', { name: 'Key', exact: true }).fill('sk-mistyped');
        await button(step, 'Use this provider and go on').click();
        await expect(step.getByRole('alert')).toBeVisible();
      },
    },
    {
      name: 'first-start-knowledge',
      show: async ({ page }) => {
        const step = welcome(page);
        await step.getByRole('radio', { name: 'Library reader, offline' }).check({ force: true });
        await button(step, 'Use Library reader').click();
        await expect(button(step, 'Choose a folder')).toBeVisible();
      },
    },
    {
      name: 'first-start-path-picker',
      show: async ({ page }) => {
        const step = welcome(page);
        await button(step, 'Choose a path on the machine that runs Carrel').click();
        await button(step, 'Runbooks').click();
        await expect(button(step, 'webhook-delivery.md')).toBeVisible();
        return async () => {
          await button(step, 'Choose a path on the machine that runs Carrel').click();
          await expect(button(step, 'webhook-delivery.md')).toHaveCount(0);
        };
      },
    },
    {
      name: 'first-start-knowledge-chosen',
      show: async ({ app, page }) => {
        const area = welcome(page).getByText('Drop files or a folder here');
        await dropFiles(area, [`${app.home}/Runbooks`]);
        await expect(
          welcome(page).getByRole('textbox', { name: 'Name of the collection' }),
        ).toHaveValue('Runbooks');
      },
    },
    {
      name: 'first-start-knowledge-done',
      show: async ({ page }) => {
        await button(welcome(page), 'Add and index').click();
        await expect(welcome(page).getByText('“Runbooks” is indexed')).toBeVisible();
      },
    },
  ],
};
