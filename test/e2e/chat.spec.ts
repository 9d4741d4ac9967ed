import { MAX_MESSAGE_CHARS } from '../../src-contract/limits.ts';
import { expect, test } from '../helpers/browser-app.ts';
import { defaultScript, gate } from '../helpers/sse-server.ts';
import { addProvider, answers, ask, button, messageBox } from './desk.ts';

test('an answer is on screen before the server has sent its last byte', async ({
  app,
  desk,
  provider,
}) => {
  const rest = gate();
  let sentAll = false;
  const server = await provider({
    script: () => async (exchange) => {
      await exchange.delta('The first words');
      await rest.passed;
      await exchange.delta(' and **the last**.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n');
      sentAll = true;
      await exchange.finish();
    },
  });
  await addProvider(app, server);
  await ask(desk, 'Say something');
  const answer = answers(desk);
  await expect(answer).toContainText('The first words');
  expect(sentAll).toBe(false);
  await expect(answer).toHaveAttribute('aria-busy', 'true');
  await expect(button(desk, 'Stop')).toBeVisible();
  await expect(messageBox(desk)).toHaveValue('');

  rest.open();
  await expect(answer).toContainText('The first words and the last.');
  await expect(answer.getByRole('table')).toBeVisible();
  await expect(answer).toHaveAttribute('aria-busy', 'false');
  await expect(button(desk, 'Send')).toBeVisible();
  await expect(desk.getByRole('complementary', { name: /what was used/ })).toContainText(
    '11 in, 7 out',
  );
  await expect(desk.getByRole('heading', { name: 'Say something', level: 1 })).toBeVisible();
  await expect(
    desk.getByRole('listbox', { name: 'Today' }).getByRole('option', { name: /Say something/ }),
  ).toHaveAttribute('aria-selected', 'true');
});

test('Stop in the middle keeps what arrived, says so, and ends the request', async ({
  app,
  desk,
  provider,
}) => {
  const left = gate();
  const server = await provider({
    script: () => async (exchange) => {
      await exchange.delta('Half of the answer');
      await exchange.silence();
      left.open();
    },
  });
  await addProvider(app, server);
  await ask(desk, 'A long story');
  await expect(answers(desk)).toContainText('Half of the answer');
  await button(desk, 'Stop').click();
  await left.passed;
  const said = answers(desk).getByRole('status');
  await expect(said).toContainText('You stopped this answer.');
  await expect(said).toContainText('What arrived is kept.');
  await desk.reload();
  await expect(answers(desk)).toContainText('Half of the answer');
  await expect(answers(desk).getByRole('status')).toContainText('You stopped this answer.');
});

test('regenerating and editing make branches, and one goes between them', async ({
  app,
  desk,
  provider,
}) => {
  const server = await provider({
    script: (n, request) => {
      const asked = request.body?.messages.at(-1)?.content ?? '';
      return defaultScript({ answer: `Answer ${n + 1} to “${asked}”` });
    },
  });
  await addProvider(app, server);
  await ask(desk, 'Name a colour');
  await expect(answers(desk)).toContainText('Answer 1 to “Name a colour”');

  await button(desk, 'Regenerate').click();
  await expect(answers(desk)).toContainText('Answer 2 to “Name a colour”');
  const place = answers(desk).getByRole('img', { name: /^Branch/ });
  await expect(place).toHaveText('2 / 2');
  await button(answers(desk), 'Previous branch').click();
  await expect(answers(desk)).toContainText('Answer 1 to “Name a colour”');
  await expect(place).toHaveText('1 / 2');
  await expect(button(answers(desk), 'Previous branch')).toBeDisabled();

  const conversation = desk.getByRole('region', { name: 'Conversation' });
  await conversation.getByText('Name a colour', { exact: true }).hover();
  await button(conversation, 'Edit message').click();
  const edited = conversation.getByRole('textbox', { name: 'New wording' });
  await expect(edited).toBeFocused();
  await edited.fill('Name a number');
  await button(conversation, 'Ask as a new branch').click();
  await expect(answers(desk)).toContainText('Answer 3 to “Name a number”');
  await expect(conversation.getByText('Name a colour', { exact: true })).toHaveCount(0);

  await expect(button(conversation, 'Previous branch')).toBeEnabled();
  await button(conversation, 'Previous branch').click();
  await expect(conversation.getByText('Name a colour', { exact: true })).toBeVisible();
  await expect(answers(desk)).toContainText('to “Name a colour”');
  // What is shown is stored: the same branch after a reload.
  const shown = await answers(desk).textContent();
  await desk.reload();
  await expect(answers(desk)).toContainText(shown?.match(/Answer \d/)?.[0] ?? 'no answer');
});

test('a refused key is said with its remedy, and leads to the providers', async ({
  app,
  desk,
  provider,
}) => {
  const server = await provider({
    script: () => (exchange) => {
      exchange.json(401, { error: { message: 'Incorrect API key provided' } });
    },
  });
  await addProvider(app, server);
  await ask(desk, 'Will this work?');
  const error = answers(desk).getByRole('alert');
  await expect(error).toContainText('"desk-model" did not accept the key');
  await expect(error).toContainText('Enter the key again.');
  await expect(desk.getByText('Will this work?').last()).toBeVisible();
  await error.getByRole('button', { name: 'Open Providers' }).click();
  await expect(button(desk, 'Test desk-model')).toBeVisible();
});

test('a server that is gone is said; trying again once it is back answers', async ({
  app,
  desk,
  provider,
}) => {
  let isDown = true;
  const server = await provider({
    script: () =>
      isDown
        ? (exchange) => {
            exchange.json(400, { error: { message: 'no room' } });
          }
        : undefined,
  });
  const gone = await provider();
  await addProvider(app, server, { id: 'a-strict-one' });
  await addProvider(app, gone, { id: 'gone-one' });
  await gone.close();

  await button(desk, 'Route: Automatic').click();
  await desk.getByRole('menuitemradio', { name: 'test-model' }).last().click();
  await ask(desk, 'Anybody there?');
  await expect(answers(desk).getByRole('alert')).toContainText('Nothing answers at the address');
  await expect(answers(desk).getByRole('button', { name: 'Open Providers' })).toBeVisible();

  await button(desk, 'Route: test-model').click();
  await desk.getByRole('menuitemradio', { name: 'test-model' }).first().click();
  await button(answers(desk), 'Try again').click();
  await expect(answers(desk).getByRole('alert')).toContainText(
    'refused the request (400): no room',
  );
  isDown = false;
  await button(answers(desk), 'Try again').click();
  await expect(answers(desk)).toContainText('Carrel keeps your words on this machine');
});

test('a message over the limit is told with its reason and not sent', async ({
  app,
  desk,
  provider,
}) => {
  const server = await provider();
  await addProvider(app, server);
  const box = messageBox(desk);
  await box.fill('a'.repeat(MAX_MESSAGE_CHARS + 5));
  await expect(desk.getByRole('alert')).toContainText(
    '5 characters too many: shorten it, or add the text to Knowledge',
  );
  await expect(box).toHaveAttribute('aria-invalid', 'true');
  await expect(button(desk, 'Send')).toBeDisabled();
  await box.press('Enter');
  await expect(box).toHaveValue(/^a{32005}$/);
  expect(server.chats).toHaveLength(0);
  await box.fill('a'.repeat(MAX_MESSAGE_CHARS));
  await expect(desk.getByText('32,000 of 32,000 characters')).toBeVisible();
  await button(desk, 'Send').click();
  await expect(answers(desk)).toContainText('Carrel keeps your words');
  expect(server.chats[0]?.body?.messages.at(-1)?.content).toHaveLength(MAX_MESSAGE_CHARS);
});

test('conversations: search finds the words, rename, delete and undo', async ({
  app,
  desk,
  provider,
}) => {
  await addProvider(app, await provider({ answer: 'The lighthouse keeper had a parrot.' }));
  await ask(desk, 'Tell me of the sea');
  await expect(answers(desk)).toContainText('parrot');
  await button(desk, 'New conversation').click();
  await expect(desk.getByRole('heading', { name: 'New conversation' })).toBeVisible();
  await expect(messageBox(desk)).toBeFocused();

  await desk.getByRole('searchbox', { name: 'Search conversations' }).fill('keeper parrot');
  const hit = desk.getByRole('listbox', { name: 'Found messages' }).getByRole('option');
  await expect(hit).toContainText('Tell me of the sea');
  await expect(hit.locator('mark')).toHaveText(['keeper', 'parrot']);
  await hit.click();
  await expect(answers(desk)).toContainText('parrot');
  await button(desk, 'Clear the search').click();

  const row = desk.getByRole('listbox', { name: 'Today' }).getByRole('option');
  await row.press('F2');
  const dialog = desk.getByRole('dialog', { name: 'Rename the conversation' });
  await dialog.getByRole('textbox', { name: 'Title' }).fill('Of parrots');
  await button(dialog, 'Rename').click();
  await expect(row).toContainText('Of parrots');
  await expect(row).toBeFocused();
  await row.press('Delete');
  await expect(row).toHaveCount(0);
  await button(desk, 'Undo').click();
  await expect(row).toContainText('Of parrots');
});

test('an opened conversation stands at its end, also where its Markdown is loaded late', async ({
  app,
  page,
  provider,
}) => {
  const loaded = gate();
  await page.route(/\/markdown-[^/]+\.js$/u, async (route) => {
    await loaded.passed;
    await route.continue();
  });
  const rows = Array.from({ length: 30 }, (_, n) => `| ${n} | depth of water |\n`).join('');
  const table = `| hour | tide |\n|---|---|\n${rows}`;
  await addProvider(app, await provider({ answer: `${table}\n${'More.\n\n'.repeat(12)}The end.` }));
  const engine = await app.engine();
  await engine.stream('chat.send', { text: 'Give me the tides' });
  await app.skipFirstStart();
  await app.open(page);
  await page.getByRole('listbox', { name: 'Today' }).getByRole('option', { name: /tides/ }).click();
  await expect(answers(page)).toContainText('|---|---|');
  await expect(answers(page).getByText('The end.')).toBeInViewport();
  loaded.open();
  await expect(answers(page).getByRole('table')).toBeAttached();
  await expect(answers(page).getByText('The end.')).toBeInViewport();
  await expect(button(answers(page), 'Regenerate')).toBeInViewport();
});
