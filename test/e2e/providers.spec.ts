import { expect, test } from '../helpers/browser-app.ts';
import { addProvider, answers, ask, button, go } from './desk.ts';

test('a provider is added with its key, tested, used, changed and removed', async ({
  app,
  desk,
  provider,
}) => {
  const server = await provider({ key: 'sk-desk-key', models: ['small-1', 'large-2'] });
  const id = `local-${server.port}`;
  await go(desk, 'Settings');
  await expect(desk.getByRole('heading', { name: 'Providers', level: 1 })).toBeVisible();
  await expect(desk.getByText('No provider yet')).toBeVisible();
  await button(desk, 'Add a provider').click();

  const form = desk.getByRole('form', { name: 'Add a provider' });
  await expect(form.getByRole('textbox', { name: 'Base URL' })).toBeFocused();
  await button(form, 'Add provider').click();
  await expect(form.getByRole('alert').first()).toContainText('Starts with https:// or http://.');
  await form.getByRole('textbox', { name: 'Base URL' }).fill(server.baseUrl);
  await expect(form.getByRole('textbox', { name: 'Id' })).toHaveValue(id);
  const key = form.getByRole('textbox', { name: 'Key', exact: true });
  await key.fill('sk-wrong-key');
  await expect(key).toHaveAttribute('type', 'password');
  await button(form, 'Add provider').click();

  // A wrong key is said where the provider is; what was typed is kept, and can be corrected there.
  const card = desk.getByRole('list', { name: 'Providers' }).getByRole('listitem');
  await expect(card.getByRole('alert')).toContainText('did not accept the key');
  await button(card, `Change ${id}`).click();
  const change = desk.getByRole('form', { name: `Change ${id}` });
  await change.getByRole('textbox', { name: 'Key', exact: true }).fill('sk-desk-key');
  await button(change, 'Save').click();
  await expect(card.getByRole('alert')).toHaveCount(0);
  await expect(card).toContainText('small-1, large-2');
  await expect(card).toContainText('in the vault');
  await button(card, `Test ${id}`).click();
  await expect(card).toContainText(/Ready, answered in/);
  await expect(desk.getByText('sk-desk-key')).toHaveCount(0);

  await go(desk, 'Chat');
  await ask(desk, 'Who answers?');
  await expect(answers(desk)).toContainText('Carrel keeps your words on this machine');
  expect(server.chats[0]?.body?.model).toBe('small-1');

  await go(desk, 'Settings');
  await button(card, `Change ${id}`).click();
  await change.getByRole('textbox', { name: 'Models' }).fill('large-2');
  await button(change, 'Save').click();
  await expect(card).toContainText('large-2');
  await expect(card).not.toContainText('small-1');

  await button(card, `Remove ${id}`).click();
  const asks = desk.getByRole('dialog', { name: `Remove the provider “${id}”?` });
  await expect(button(asks, 'Keep it')).toBeFocused();
  await button(asks, `Remove “${id}”`).click();
  await expect(desk.getByText('No provider yet')).toBeVisible();
  const engine = await app.engine();
  expect((await engine.call('providers.list', {})).providers).toEqual([]);
});

test('a test that fails says why, and a default route is kept', async ({ app, desk, provider }) => {
  const server = await provider({ models: ['first', 'second'] });
  await addProvider(app, server);
  await go(desk, 'Settings');
  await desk.getByRole('link', { name: 'Routes' }).click();
  const route = desk.getByRole('combobox', { name: 'Default route' });
  await route.selectOption('desk-model/second');
  await desk.reload();
  await expect(route).toHaveValue('desk-model/second');

  await server.close();
  await desk.getByRole('link', { name: 'Providers' }).click();
  const card = desk.getByRole('list', { name: 'Providers' }).getByRole('listitem');
  await button(card, 'Test desk-model').click();
  await expect(card.getByRole('alert')).toContainText('Nothing answers at the address');
  await expect(card).toContainText(/Failed/);
});

test('themes switch at once and stay', async ({ desk }) => {
  await go(desk, 'Settings');
  await desk.getByRole('link', { name: 'Appearance' }).click();
  const themes = desk.getByRole('group', { name: 'Theme' });
  const ground = (): Promise<string> =>
    desk.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await button(themes, 'Light').click();
  await expect(button(themes, 'Light')).toHaveAttribute('aria-pressed', 'true');
  const light = await ground();
  await button(themes, 'Dark').click();
  await expect.poll(ground).not.toBe(light);
  const dark = await ground();
  await desk.reload();
  await expect(button(themes, 'Dark')).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(ground).toBe(dark);
  await button(themes, 'System').click();
  await desk.emulateMedia({ colorScheme: 'light' });
  await expect.poll(ground).toBe(light);
  await desk.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(ground).toBe(dark);
});
