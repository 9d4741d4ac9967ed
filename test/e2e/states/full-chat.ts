import { expect, type Page } from '@playwright/test';
import { answers, ask, button, go, messageBox } from '../desk.ts';
import { question } from './data.ts';
import { escape } from './empty.ts';
import type { ScreenState } from './stage.ts';

async function openQuestion(page: Page): Promise<void> {
  await go(page, 'Chat');
  await page
    .getByRole('listbox', { name: 'Today' })
    .getByRole('option', { name: /What do our runbooks/ })
    .click();
  await expect(answers(page).getByRole('table')).toBeAttached();
}

async function newConversation(page: Page): Promise<void> {
  await go(page, 'Chat');
  await button(page, 'New conversation').click();
  await expect(page.getByRole('heading', { name: 'New conversation' })).toBeVisible();
}

export const chatStates: readonly ScreenState[] = [
  {
    name: 'chat-new',
    show: async ({ page }) => {
      await newConversation(page);
      await expect(page.getByRole('list', { name: 'Opening questions' })).toBeVisible();
    },
  },
  {
    name: 'chat-full',
    show: async ({ page }) => {
      await openQuestion(page);
      await messageBox(page).fill('Propose a fix with a test for the fifth attempt');
      return () => messageBox(page).fill('');
    },
  },
  {
    name: 'chat-citation-hover',
    show: async ({ page }) => {
      await answers(page)
        .getByRole('button', { name: /^Source 1: / })
        .first()
        .hover();
      await expect(page.getByRole('tooltip')).toBeVisible();
      return () => page.mouse.move(0, 0);
    },
  },
  {
    name: 'chat-source-dialog',
    show: async ({ page }) => {
      await answers(page)
        .getByRole('button', { name: /^Source 1: / })
        .first()
        .click();
      await expect(page.getByText(/^Cited, line/).first()).toBeAttached();
      return escape(page);
    },
  },
  {
    name: 'chat-rename-dialog',
    show: async ({ page }) => {
      await button(page, 'More').click();
      await page.getByRole('menuitem', { name: 'Rename' }).click();
      await expect(page.getByRole('dialog', { name: 'Rename the conversation' })).toBeVisible();
      return escape(page);
    },
  },
  {
    name: 'chat-route-menu',
    show: async ({ page }) => {
      await button(page, /^Route: /).click();
      await expect(page.getByRole('menuitemradio', { name: 'desk-small' })).toBeVisible();
      return () => page.keyboard.press('Escape');
    },
  },
  {
    name: 'chat-edit',
    show: async ({ page }) => {
      const thread = page.getByRole('region', { name: 'Conversation' });
      await thread.getByText(question, { exact: true }).hover();
      await button(thread, 'Edit message').click();
      return () => button(thread, 'Keep as it was').click();
    },
  },
  {
    name: 'chat-branches',
    show: async ({ page }) => {
      await button(page, 'Regenerate').click();
      await expect(answers(page).getByRole('img', { name: 'Branch 2 of 2' })).toBeVisible();
      await expect(button(page, 'Send')).toBeVisible();
    },
  },
  {
    name: 'chat-search',
    show: async ({ page }) => {
      const box = page.getByRole('searchbox', { name: 'Search conversations' });
      await box.fill('retry');
      await expect(page.getByRole('listbox', { name: 'Found messages' })).toBeVisible();
      return () => box.fill('');
    },
  },
  {
    name: 'chat-search-nothing',
    show: async ({ page }) => {
      const box = page.getByRole('searchbox', { name: 'Search conversations' });
      await box.fill('zeppelin');
      await expect(page.getByText('Nothing found')).toBeVisible();
      return () => box.fill('');
    },
  },
  {
    name: 'chat-busy',
    show: async ({ page }) => {
      await newConversation(page);
      await ask(page, 'Go on for ever: compare the runbook with the code');
      await expect(answers(page)).toContainText('off by one');
      return async () => {
        await button(page, 'Stop').click();
        await expect(button(page, 'Send')).toBeVisible();
      };
    },
  },
  {
    name: 'chat-stopped',
    show: async ({ page }) => {
      await expect(answers(page).getByText('You stopped this answer.')).toBeVisible();
    },
  },
  {
    name: 'chat-failing',
    show: async ({ page }) => {
      await newConversation(page);
      await ask(page, 'Refuse this one');
      await expect(answers(page).getByRole('alert')).toBeVisible();
    },
  },
  {
    name: 'chat-too-long',
    show: async ({ page }) => {
      await messageBox(page).fill('one word too many '.repeat(1_800));
      await expect(page.getByText(/characters too many/)).toBeVisible();
      return () => messageBox(page).fill('');
    },
  },
  {
    name: 'chat-undo',
    show: async ({ page }) => {
      await button(page, 'More').click();
      await page.getByRole('menuitem', { name: 'Delete the conversation' }).click();
      const undo = button(page, 'Undo');
      await undo.focus();
      return async () => {
        await undo.click();
        await expect(
          page.getByRole('heading', { name: 'Refuse this one', level: 1 }),
        ).toBeVisible();
      };
    },
  },
];
