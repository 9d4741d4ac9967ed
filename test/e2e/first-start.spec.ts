import { expect, test } from '../helpers/browser-app.ts';
import { answers, button, dropFiles, messageBox } from './desk.ts';

const notes = {
  'tides.md': '# Tides\n\nThe moon pulls the sea. High water comes twice a day.\n',
  'deep/harbour.txt': 'The harbour closes its gate at high water.\n',
  'chart.pdf': Buffer.from('%PDF-1.7\n'),
};

test('three steps: the starter library, a provider with a key, a folder by its path; then a first answer', async ({
  app,
  page,
  provider,
}) => {
  const server = await provider({ key: 'sk-first-start', answer: 'The moon pulls the sea [1].' });
  app.writeHome('notes', notes);
  await app.open(page);
  const welcome = page.getByRole('dialog', { name: 'Welcome to Carrel' });
  await expect(welcome.getByRole('heading', { name: 'Choose a library' })).toBeFocused();
  await expect(page.getByRole('link', { name: 'Chat', exact: true })).toHaveCount(0);
  await expect(welcome.getByRole('radio', { name: 'The starter library' })).toBeChecked();
  await button(welcome, 'Open the starter library').click();

  await expect(welcome.getByRole('heading', { name: 'Choose a provider' })).toBeFocused();
  const steps = welcome.getByRole('complementary', { name: 'Steps' });
  await expect(steps).toContainText(/Done: .+, \d+ items, version/);
  await welcome.getByRole('radio', { name: 'A provider with a key' }).check({ force: true });
  await welcome.getByRole('textbox', { name: 'Address' }).fill(server.baseUrl);
  await welcome.getByRole('textbox', { name: 'Key', exact: true }).fill('sk-first-start');
  await button(welcome, 'Use this provider and go on').click();

  const knowledge = welcome.getByRole('heading', { name: 'Add something to cite from' });
  await expect(knowledge).toBeFocused();
  expect(server.requests.map((request) => request.headers['authorization'])).toContain(
    'Bearer sk-first-start',
  );
  await expect(button(welcome, 'Add')).toBeDisabled();
  await button(welcome, 'Choose a path on the machine that runs Carrel').click();
  await button(welcome, 'notes').click();
  await button(welcome, 'Use this folder').click();
  await expect(welcome.getByRole('textbox', { name: 'Name of the collection' })).toHaveValue(
    'notes',
  );
  await button(welcome, 'Add and index').click();
  await expect(welcome.getByText('“notes” is indexed')).toBeVisible();
  const leftOut = welcome.getByRole('list', { name: 'Files left out' }).getByRole('listitem');
  await expect(leftOut).toHaveCount(1);
  await expect(leftOut).toContainText('chart.pdf');
  await expect(leftOut).toContainText(/not yet supported/i);
  await button(welcome, 'Go to Chat').click();

  await expect(welcome).toHaveCount(0);
  await expect(messageBox(page)).toHaveValue('What do my documents say about “Tides”?');
  await messageBox(page).press('Enter');
  await expect(answers(page)).toContainText('The moon pulls the sea');
  await expect(answers(page).getByRole('button', { name: /^Source 1: / })).toBeVisible();

  const engine = await app.engine();
  const { providers } = await engine.call('providers.list', {});
  expect(providers).toMatchObject([{ baseUrl: server.baseUrl, hasKey: true, local: true }]);
  await page.reload();
  await expect(messageBox(page)).toBeVisible();
  await expect(welcome).toHaveCount(0);
});

test('a library of the team by its path, the Library reader, and files dropped from the desk', async ({
  app,
  page,
}) => {
  const folder = app.writeHome('harbour notes', notes);
  await app.open(page);
  const welcome = page.getByRole('dialog', { name: 'Welcome to Carrel' });
  await welcome.getByRole('radio', { name: 'My team’s library' }).check({ force: true });
  await expect(button(welcome, 'Clone and go on')).toBeDisabled();
  await welcome
    .getByRole('textbox', { name: 'Address of the repository' })
    .fill('/no/such/repository.git');
  await button(welcome, 'Clone and go on').click();
  // What failed is said where it happened, and the step can still be left out.
  await expect(welcome.getByRole('alert')).toBeVisible();
  await button(welcome, 'Not now').click();

  await welcome.getByRole('radio', { name: 'Library reader, offline' }).check({ force: true });
  await button(welcome, 'Use Library reader').click();
  await expect(welcome.getByRole('complementary', { name: 'Steps' })).toContainText(
    'Done: Library reader, offline',
  );

  await dropFiles(welcome.getByText('Drop files or a folder here'), [folder]);
  await expect(welcome.getByText('3 files to send into the encrypted store.')).toBeVisible();
  await button(welcome, 'Add and index').click();
  await expect(welcome.getByText('“harbour notes” is indexed')).toBeVisible();
  await button(welcome, 'Go to Chat').click();

  await messageBox(page).fill('When does the harbour close its gate?');
  await button(page, 'Send').click();
  const source = answers(page).getByRole('button', {
    name: 'Source 1: harbour notes/deep/harbour.txt',
  });
  await expect(source).toBeVisible();
  await expect(answers(page)).toContainText('closes its gate at high water');
});

test('Skip leaves everything for later and opens Chat', async ({ app, page }) => {
  await app.open(page);
  const welcome = page.getByRole('dialog', { name: 'Welcome to Carrel' });
  await button(welcome, 'Skip').click();
  await expect(messageBox(page)).toBeVisible();
  await expect(welcome).toHaveCount(0);
  await page.reload();
  await expect(messageBox(page)).toBeVisible();
  const engine = await app.engine();
  expect((await engine.call('library.status', {})).state.kind).toBe('none');
  expect((await engine.call('providers.list', {})).providers).toEqual([]);
});
