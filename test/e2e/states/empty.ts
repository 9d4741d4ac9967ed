import { expect, type Page } from '@playwright/test';
import { ask, answers, button, go, messageBox } from '../desk.ts';
import type { Leave, Scene, ScreenState } from './stage.ts';

function section(title: string): ScreenState {
  return {
    name: `settings-${title.toLowerCase()}`,
    show: async ({ page }) => {
      await go(page, 'Settings');
      await page.getByRole('link', { name: title, exact: true }).click();
      await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
      // What is asked of the engine is there.
      await page.waitForLoadState('networkidle');
    },
  };
}

/** Closes whatever dialog is open. */
export function escape(page: Page): Leave {
  return async () => {
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  };
}

/** A workspace whose first start was skipped: nothing but the program itself. */
export const empty: Scene = {
  name: 'empty',
  prepare: async ({ app }) => {
    await app.skipFirstStart();
  },
  states: [
    {
      name: 'chat-empty',
      show: async ({ page }) => {
        await expect(messageBox(page)).toBeFocused();
        await expect(page.getByText('No conversation yet.')).toBeVisible();
      },
    },
    {
      name: 'palette-empty',
      show: async ({ page }) => {
        await page.keyboard.press('Control+k');
        await expect(page.getByRole('option').first()).toBeVisible();
        return escape(page);
      },
    },
    {
      name: 'knowledge-empty',
      show: async ({ page }) => {
        await go(page, 'Knowledge');
        await expect(button(page, 'Add files or folder').first()).toBeVisible();
      },
    },
    {
      name: 'knowledge-add-dialog',
      show: async ({ page }) => {
        await button(page, 'Add files or folder').first().click();
        const dialog = page.getByRole('dialog', { name: 'Add files or folder' });
        await button(dialog, 'Choose a path on the machine that runs Carrel').click();
        await expect(button(dialog, 'Use this folder')).toBeVisible();
        return escape(page);
      },
    },
    {
      name: 'library-empty',
      show: async ({ page }) => {
        await go(page, 'Library');
        await expect(page.getByRole('heading', { name: 'No library yet' })).toBeVisible();
      },
    },
    {
      name: 'library-connect-failing',
      show: async ({ page }) => {
        await page
          .getByRole('textbox', { name: 'Clone a URL' })
          .fill('file:///srv/git/no-such-library.git');
        await button(page, 'Clone').click();
        await expect(page.getByRole('alert')).toBeVisible();
      },
    },
    {
      name: 'settings-providers-empty',
      show: async ({ page }) => {
        await go(page, 'Settings');
        await expect(page.getByText('No provider yet')).toBeVisible();
      },
    },
    {
      name: 'settings-provider-form',
      show: async ({ page }) => {
        await button(page, 'Add a provider').click();
        const form = page.getByRole('form', { name: 'Add a provider' });
        await form.getByRole('textbox', { name: 'Base URL' }).fill('api.example.org');
        await button(form, 'Add provider').click();
        await expect(form.getByRole('alert').first()).toBeVisible();
      },
    },
    section('Appearance'),
    section('Vault'),
    section('About'),
    {
      name: 'chat-nothing-found',
      show: async ({ page }) => {
        await go(page, 'Chat');
        await ask(page, 'What do our runbooks promise for webhook retries?');
        await expect(answers(page)).toContainText('I found nothing');
        await expect(button(page, 'Send')).toBeVisible();
      },
    },
  ],
};

export { section };
