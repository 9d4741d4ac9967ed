import type { Page } from '@playwright/test';
import { expect, test } from '../helpers/browser-app.ts';
import { addCollection, addProvider, answers, button, messageBox } from './desk.ts';

/** The name of the landmark, or of its kind, that holds the focus. */
function regionOfFocus(page: Page): Promise<string> {
  return page.evaluate(() => {
    const at = document.activeElement;
    if (at?.closest('form')) return 'composer';
    if (at?.closest('nav')) return 'rail';
    if (at?.closest('aside')) return 'list';
    return at?.closest('main') ? 'content' : 'none';
  });
}

test('F6 goes round rail, list, content and composer, and back with Shift', async ({
  app,
  desk,
  provider,
}) => {
  await addProvider(app, await provider());
  await expect(messageBox(desk)).toBeFocused();
  await desk.keyboard.type('Hello');
  await desk.keyboard.press('Enter');
  await expect(button(answers(desk), 'Regenerate')).toBeVisible();
  await messageBox(desk).focus();
  const seen: string[] = [];
  for (const key of ['F6', 'F6', 'F6', 'F6', 'Shift+F6', 'Shift+F6']) {
    await desk.keyboard.press(key);
    seen.push(await regionOfFocus(desk));
  }
  expect(seen).toEqual(['rail', 'list', 'content', 'composer', 'content', 'list']);
});

test('a question is asked, stopped, asked again and its source opened without a pointer', async ({
  app,
  desk,
}) => {
  await addCollection(app, 'ropes', { 'knots.md': '# Knots\n\nA bowline never slips.\n' });
  await expect(messageBox(desk)).toBeFocused();
  await desk.keyboard.type('Which knot never slips?');
  await desk.keyboard.press('Shift+Enter');
  await desk.keyboard.type('Quote it.');
  await expect(messageBox(desk)).toHaveValue('Which knot never slips?\nQuote it.');
  await desk.keyboard.press('Enter');
  const source = answers(desk).getByRole('button', { name: 'Source 1: knots.md' });
  await expect(source).toBeVisible();
  await expect(messageBox(desk)).toBeFocused();

  await tabTo(desk, 'Shift+Tab', 'Source 1: knots.md');
  await expect(source).toBeFocused();
  await desk.keyboard.press('Enter');
  const dialog = desk.getByRole('dialog', { name: 'Source 1: knots.md' });
  await expect(dialog).toContainText('A bowline never slips.');
  // The focus stays inside for as long as it is open, all the way round.
  for (let press = 0; press < 8; press++) {
    await desk.keyboard.press('Tab');
    expect(await dialog.evaluate((it) => it.contains(document.activeElement))).toBe(true);
  }
  await desk.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(source).toBeFocused();
});

test('the rail is one tab stop, walked with arrows; Enter goes there', async ({ desk }) => {
  await desk.getByRole('link', { name: 'Chat', exact: true }).focus();
  await desk.keyboard.press('ArrowDown');
  await expect(desk.getByRole('link', { name: 'Knowledge', exact: true })).toBeFocused();
  await desk.keyboard.press('Enter');
  await expect(desk.getByRole('searchbox', { name: 'Search knowledge' })).toBeVisible();
  await desk.keyboard.press('Tab');
  expect(await regionOfFocus(desk)).toBe('list');
});

test('a menu opens, is walked and closed by keys, and gives the focus back', async ({
  app,
  desk,
  provider,
}) => {
  await addProvider(app, await provider({ models: ['alpha', 'beta'] }));
  const route = button(desk, 'Route: Automatic');
  await route.focus();
  await desk.keyboard.press('Enter');
  const items = desk.getByRole('menuitemradio');
  await expect(items.filter({ hasText: 'Automatic' })).toBeFocused();
  await expect(items.filter({ hasText: 'beta' })).toBeVisible();
  await desk.keyboard.press('b');
  await expect(items.filter({ hasText: 'beta' })).toBeFocused();
  await desk.keyboard.press('Escape');
  await expect(items).toHaveCount(0);
  await expect(route).toBeFocused();
  await desk.keyboard.press('Enter');
  await expect(items.filter({ hasText: 'Automatic' })).toBeFocused();
  await desk.keyboard.press('b');
  await desk.keyboard.press('Enter');
  await expect(button(desk, 'Route: beta')).toBeFocused();
});

test('the command palette: Ctrl+K, type, arrows, Enter, Escape', async ({
  app,
  desk,
  provider,
}) => {
  await addProvider(app, await provider({ answer: 'The heron stands very still.' }));
  const engine = await app.engine();
  await engine.stream('library.connect', { source: { kind: 'starter' } });
  await desk.keyboard.type('About birds');
  await desk.keyboard.press('Enter');
  await expect(answers(desk)).toContainText('heron');
  await expect(button(desk, 'Send')).toBeVisible();

  await desk.keyboard.press('Control+k');
  const palette = desk.getByRole('dialog', { name: 'Command palette' });
  const box = palette.getByRole('combobox');
  const options = palette.getByRole('option');
  await expect(box).toBeFocused();
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  await desk.keyboard.press('ArrowDown');
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true');
  await desk.keyboard.press('ArrowUp');
  await desk.keyboard.press('ArrowUp');
  await expect(options.last()).toHaveAttribute('aria-selected', 'true');
  await expect(options.last()).toBeInViewport();
  await desk.keyboard.press('Escape');
  await expect(palette).toHaveCount(0);
  await expect(messageBox(desk)).toBeFocused();

  // A command, a found message, an item of the library: each opens with Enter.
  await desk.keyboard.press('Control+k');
  await desk.keyboard.type('what leaves');
  await expect(options.first()).toContainText('Privacy');
  await desk.keyboard.press('Enter');
  await expect(desk.getByRole('heading', { name: 'Privacy', level: 1 })).toBeVisible();
  await desk.keyboard.press('Control+k');
  await desk.keyboard.type('heron');
  await expect(options.first()).toContainText('The heron stands very still.');
  await desk.keyboard.press('Enter');
  await expect(answers(desk)).toContainText('heron');
  await desk.keyboard.press('Control+k');
  await desk.keyboard.type('explain code');
  await expect(options.first()).toContainText(/Explain code/i);
  await desk.keyboard.press('Enter');
  await expect(desk.getByRole('heading', { name: /Explain code/i, level: 1 })).toBeVisible();

  await desk.keyboard.press('Control+k');
  await desk.keyboard.type('zzzz');
  await expect(palette.getByText('Nothing has these words.')).toBeVisible();
});

/** Presses `key` until what has `name` has the focus; fails after a whole round. */
async function tabTo(page: Page, key: string, name: string): Promise<void> {
  for (let press = 0; press < 40; press++) {
    await page.keyboard.press(key);
    const at = await page.evaluate(
      () =>
        document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent,
    );
    if (at === name) return;
  }
  throw new Error(`${name} can't be reached with ${key}`);
}
