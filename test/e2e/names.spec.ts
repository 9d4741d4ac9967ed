import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../helpers/browser-app.ts';
import { gate } from '../helpers/sse-server.ts';
import { addCollection, addProvider, answers, ask, go, messageBox } from './desk.ts';

/**
 * The names that the design promises, looked for as a stranger would: part of a name is enough, in any
 * case, and there must be exactly one. Whatever else is on the screen has to be called otherwise.
 */
const PLACES = ['Chat', 'Knowledge', 'Library', 'Health', 'Settings'] as const;
const WORDS = PLACES.join(' ').toLowerCase();

async function one(what: Locator): Promise<void> {
  await expect(what).toHaveCount(1);
  await expect(what).toBeVisible();
}

async function places(page: Page): Promise<void> {
  for (const name of PLACES) await one(page.getByRole('link', { name }));
}

/** The whole window is in sight: only lists and texts scroll. */
async function noScrollBar(page: Page): Promise<void> {
  const over = await page.evaluate(() => {
    const { scrollHeight, scrollWidth } = document.documentElement;
    // Code and wide tables scroll inside their own box.
    const wide = [...document.querySelectorAll('body *:not(pre, .md-table, textarea, input)')]
      .filter((element) => /auto|scroll/.test(getComputedStyle(element).overflowX))
      .filter((element) => element.scrollWidth > element.clientWidth)
      .map((element) => element.className);
    return { high: scrollHeight - innerHeight, across: scrollWidth - innerWidth, wide };
  });
  expect(over).toEqual({ high: 0, across: 0, wide: [] });
}

const SIZES = [
  { width: 1280, height: 800 },
  { width: 900, height: 600 },
] as const;

test('first start has one Skip, and nothing of the desk behind it', async ({ app, page }) => {
  await app.open(page);
  const welcome = page.getByRole('dialog', { name: 'Welcome to Carrel' });
  await one(welcome);
  for (const title of ['Choose a library', 'Choose a provider', 'Add something to cite from']) {
    await one(welcome.getByRole('heading', { name: title }));
    await one(page.getByRole('button', { name: 'Skip' }));
    for (const size of SIZES) {
      await page.setViewportSize(size);
      await noScrollBar(page);
    }
    const next = welcome.getByRole('button', { name: 'Not now' });
    if (title !== 'Add something to cite from') await next.click();
  }
  await page.getByRole('button', { name: 'Skip' }).click();
  await one(messageBox(page));
});

test('each screen has one of each promised name, empty and with things that are called alike', async ({
  app,
  desk,
  provider,
}) => {
  const engine = await app.engine();
  const server = await provider({ answer: 'The library has it [1], and [1] again.' });
  const visit = async (): Promise<void> => {
    for (const place of PLACES) {
      await go(desk, place);
      await places(desk);
      await noScrollBar(desk);
      if (place === 'Chat') {
        await one(desk.getByRole('textbox', { name: 'Message' }));
        await one(desk.getByRole('button', { name: 'Send' }));
        await one(desk.getByRole('region', { name: 'Conversation' }));
      } else if (place === 'Knowledge') {
        await one(desk.getByRole('button', { name: 'Add files or folder' }));
        await one(desk.getByRole('searchbox', { name: 'Search knowledge' }));
      }
    }
  };
  await visit();
  await desk.keyboard.press('Control+k');
  await one(desk.getByRole('dialog', { name: 'Command palette' }));
  await desk.keyboard.press('Escape');

  await engine.stream('library.connect', { source: { kind: 'starter' } });
  await addProvider(app, server);
  await addCollection(app, `library of ${WORDS}`, { 'chat.md': `# Chat\n\nThe ${WORDS}.\n` });
  await go(desk, 'Chat');
  await ask(desk, `Settings of the ${WORDS}?`);
  await expect(answers(desk)).toContainText('The library has it');
  await desk.setViewportSize(SIZES[1]);
  await visit();
  // One item of each kind: their views differ.
  const { items } = await engine.call('library.items', {});
  for (const { path } of new Map(items.map((item) => [item.kind, item])).values()) {
    await desk.evaluate((hash) => (window.location.hash = hash), `#/library/${path}`);
    await one(desk.getByRole('region', { name: 'Body' }));
    await places(desk);
  }
  for (const section of [
    'providers',
    'routes',
    'library',
    'appearance',
    'vault',
    'privacy',
    'about',
  ]) {
    await desk.evaluate((hash) => (window.location.hash = hash), `#/settings/${section}`);
    await one(desk.getByRole('heading', { level: 1 }));
    await places(desk);
    await noScrollBar(desk);
  }
});

test('Chat while it answers, with one answer, with two, while a question is edited', async ({
  app,
  desk,
  provider,
}) => {
  const rest = gate();
  const server = await provider({
    script: (n) =>
      n > 0
        ? undefined
        : async (exchange) => {
            await exchange.delta('It says so [1], and so [1].');
            await rest.passed;
            await exchange.finish();
          },
  });
  await addProvider(app, server);
  await addCollection(app, 'notes', {
    'a.md': '# A\n\nThe message was sent to stop the answer.\n',
    'b.md': '# B\n\nRegenerate the conversation, send the message.\n',
    'c.md': '# C\n\nAn answer to the message of the conversation.\n',
  });
  await desk.evaluate(() => (window.location.hash = '#/chat?collection=notes'));
  await one(desk.getByRole('button', { name: 'Remove notes' }));
  await ask(desk, 'Send the message, stop, regenerate the answer of the conversation');
  await one(desk.getByRole('button', { name: 'Stop' }));
  await expect(desk.getByRole('button', { name: 'Regenerate' })).toHaveCount(0);
  await one(desk.getByRole('article', { name: 'Answer' }));
  rest.open();
  await one(desk.getByRole('button', { name: 'Regenerate' }));
  await one(desk.getByRole('button', { name: 'Send' }));
  await expect(desk.getByRole('button', { name: 'Stop' })).toHaveCount(0);
  await one(desk.getByRole('region', { name: 'Conversation' }));

  // Each passage has one button of its name: in the text where it is cited, else in the margin.
  const conversations = await (await app.engine()).call('chat.conversations', { limit: 1 });
  const id = conversations.conversations[0]?.id ?? '';
  const { messages } = await (await app.engine()).call('chat.conversation', { id });
  const citations = messages.at(-1)?.citations ?? [];
  expect(citations.length).toBeGreaterThan(1);
  for (const { n, path } of citations) {
    await one(desk.getByRole('button', { name: `Source ${n}: ${path}` }));
  }
  await expect(
    desk.getByRole('paragraph').getByRole('button', { name: /^Source 1: / }),
  ).toHaveCount(1);
  await desk.getByRole('button', { name: 'Source 1: ' }).click();
  await one(desk.getByRole('dialog', { name: 'Source 1: ' }));
  await desk.keyboard.press('Escape');

  await ask(desk, 'Once more');
  await expect(answers(desk)).toHaveCount(2);
  await one(desk.getByRole('button', { name: 'Regenerate' }));
  await desk.getByRole('button', { name: 'Edit message' }).last().click();
  await one(desk.getByRole('textbox', { name: 'Message' }));
  await one(desk.getByRole('button', { name: 'Send' }));
  await places(desk);
});
