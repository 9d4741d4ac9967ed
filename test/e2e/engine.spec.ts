import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { expect, test } from '../helpers/browser-app.ts';
import { defaultScript, gate } from '../helpers/sse-server.ts';
import { addCollection, addProvider, answers, ask, button, go, messageBox } from './desk.ts';

/** A model's pace, in milliseconds: some twenty words a second. */
const WORD_MS = 50;

test('kill -9 in the middle of an answer: said, started again, nothing stored is lost', async ({
  app,
  desk,
  provider,
}) => {
  const server = await provider({
    script: (n) =>
      n === 0
        ? async (exchange) => {
            for (let word = 1; !exchange.gone; word++) {
              await exchange.delta(`word${word} `);
              await wait(WORD_MS);
            }
          }
        : undefined,
  });
  await addProvider(app, server);
  await addCollection(app, 'notes', { 'a.md': '# A\n\nSalt keeps the ropes.\n' });
  await ask(desk, 'Go on for long');
  // The text of a running answer is stored every half second: by the last of these words the first is.
  await expect(answers(desk)).toContainText('word1 ');
  await expect(answers(desk)).toContainText('word30 ');

  const pid = app.enginePid();
  app.killEngine();
  const told = desk
    .getByRole('status')
    .filter({ hasText: /The engine ended and is being started again|The engine was restarted/ });
  await expect(told).toBeVisible();
  await expect(desk.getByText('The engine was restarted. What was stored is safe.')).toBeVisible();
  expect(app.enginePid()).not.toBe(pid);

  await expect(answers(desk)).toContainText('The answer broke off.');
  await expect(answers(desk)).toContainText('word1 word2 ');
  const engine = await app.engine();
  const { conversations } = await engine.call('chat.conversations', {});
  expect(conversations).toHaveLength(1);
  const stored = await engine.call('chat.conversation', { id: conversations[0]?.id ?? '' });
  expect(stored.messages.map(({ role, text, status }) => [role, text, status])).toEqual([
    ['user', 'Go on for long', 'complete'],
    ['assistant', expect.stringMatching(/^word1 word2 /), 'truncated'],
  ]);

  await button(desk, 'Regenerate').click();
  await expect(answers(desk)).toContainText('Carrel keeps your words on this machine');
  await expect(answers(desk).getByRole('img', { name: 'Branch 2 of 2' })).toBeVisible();
  await button(desk, 'Dismiss').click();
  await expect(desk.getByText('The engine was restarted')).toHaveCount(0);

  await go(desk, 'Knowledge');
  await desk.getByRole('searchbox', { name: 'Search knowledge' }).fill('ropes');
  await expect(desk.getByRole('list', { name: 'Passages' })).toContainText('Salt keeps the ropes');
});

test('stopped and started again on the same data directory: all is there', async ({
  app,
  desk,
  provider,
}) => {
  const server = await provider({ key: 'sk-kept', answer: 'An answer to keep.' });
  await addProvider(app, server, { key: 'sk-kept' });
  await addCollection(app, 'notes', { 'a.md': '# A\n\nSalt keeps the ropes.\n' });
  const engine = await app.engine();
  await engine.stream('library.connect', { source: { kind: 'starter' } });
  await ask(desk, 'Remember this');
  await expect(answers(desk)).toContainText('An answer to keep.');
  await app.stop();
  await expect(
    desk
      .getByRole('alert')
      .filter({ hasText: 'Carrel can’t be reached. What was stored is safe.' }),
  ).toBeVisible();

  await app.start();
  await app.open(desk);
  await desk
    .getByRole('listbox', { name: 'Today' })
    .getByRole('option', { name: /Remember/ })
    .click();
  await expect(answers(desk)).toContainText('An answer to keep.');
  // The key is still in the vault: the provider, which insists on it, answers.
  await button(desk, 'Regenerate').click();
  await expect(answers(desk).getByRole('img', { name: 'Branch 2 of 2' })).toBeVisible();
  await expect(answers(desk)).toContainText('An answer to keep.');
  expect(server.chats).toHaveLength(2);
  await go(desk, 'Library');
  await expect(desk.getByRole('tree', { name: 'Items' })).toBeVisible();
  await go(desk, 'Knowledge');
  await desk.getByRole('searchbox', { name: 'Search knowledge' }).fill('ropes');
  await expect(desk.getByRole('list', { name: 'Passages' })).toContainText('Salt keeps the ropes');
});

test('two windows on one engine see what the other does', async ({
  app,
  desk,
  context,
  provider,
}) => {
  const rest = gate();
  const server = await provider({
    script: (n) =>
      n === 0
        ? async (exchange) => {
            await exchange.delta('Said in one window');
            await rest.passed;
            await exchange.finish();
          }
        : defaultScript({ answer: 'Said in the other' }),
  });
  await addProvider(app, server);
  const other: Page = await context.newPage();
  await other.goto(app.origin);
  await expect(messageBox(other)).toBeVisible();

  await ask(desk, 'Between windows');
  await expect(answers(desk)).toContainText('Said in one window');
  const row = other.getByRole('listbox', { name: 'Today' }).getByRole('option');
  await expect(row).toContainText('Between windows');
  await row.click();
  await expect(answers(other)).toContainText('This answer is being written elsewhere.');
  rest.open();
  await expect(answers(other)).toContainText('Said in one window');
  await expect(answers(other)).not.toContainText('being written elsewhere');

  await button(other, 'Regenerate').click();
  await expect(answers(other)).toContainText('Said in the other');
  await expect(answers(desk)).toContainText('Said in the other');

  await row.press('F2');
  const dialog = other.getByRole('dialog', { name: 'Rename the conversation' });
  await dialog.getByRole('textbox', { name: 'Title' }).fill('Of two windows');
  await button(dialog, 'Rename').click();
  await expect(desk.getByRole('heading', { name: 'Of two windows', level: 1 })).toBeVisible();

  await go(other, 'Knowledge');
  await addCollection(app, 'notes', { 'a.md': '# A\n\nSalt keeps the ropes.\n' });
  await expect(other.getByRole('option', { name: /^notes/ })).toBeVisible();
});
