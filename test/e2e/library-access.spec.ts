import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '../helpers/browser-app.ts';
import { fixtureLibrary } from '../helpers/git-fixture-library.ts';
import { startGitHttp, type GitHttpServer } from '../helpers/git-http-server.ts';
import { TeamRepo } from '../helpers/git-repo.ts';
import { button, go } from './desk.ts';
import { fsckLibrary, items, onDisk } from './library-desk.ts';

const RIGHT = `Basic ${Buffer.from('mira:right-token').toString('base64')}`;
let root: string;
let server: GitHttpServer;

test.beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'carrel-team-'));
  new TeamRepo(root).commit(fixtureLibrary, 'First version');
  server = await startGitHttp(root, {
    meddle: (request, response) => {
      if (request.headers.authorization === RIGHT) return false;
      response.writeHead(401, { 'www-authenticate': 'Basic realm="team"' }).end();
      return true;
    },
  });
});

test.afterEach(async ({ app }) => {
  await server.close();
  fsckLibrary(app);
  rmSync(root, { recursive: true, force: true });
});

test('a remote that asks for credentials gets them where the failure is shown', async ({
  app,
  desk,
}) => {
  await go(desk, 'Library');
  await desk.getByRole('textbox', { name: 'Clone a URL' }).fill(server.url('team.git'));
  await button(desk, 'Clone').click();
  await button(desk, 'Give access').click();
  const dialog = desk.getByRole('dialog', { name: /^Access to 127\.0\.0\.1/ });
  await expect(button(dialog, 'Save and try again')).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'User name' }).fill('mira');
  await dialog.getByLabel('Token or password').fill('wrong-token');
  await button(dialog, 'Save and try again').click();
  await expect(desk.getByText(/refused the credentials/)).toBeVisible();
  await button(desk, 'Give access').click();
  await expect(dialog.getByRole('textbox', { name: 'User name' })).toHaveValue('mira');
  await dialog.getByLabel('Token or password').fill('right-token');
  await button(dialog, 'Save and try again').click();
  await expect(items(desk)).toBeVisible();

  await go(desk, 'Settings');
  await desk.getByRole('link', { name: 'Git sync' }).click();
  await expect(desk.getByText('as mira, with what is in the vault')).toBeVisible();
  expect(await desk.locator('body').innerText()).not.toContain('right-token');
  expect(onDisk(app, 'carrel.yaml')).toBe(fixtureLibrary['carrel.yaml']);
});

test('access is given in first start too', async ({ app, page }) => {
  await app.open(page);
  const welcome = page.getByRole('dialog', { name: 'Welcome to Carrel' });
  await welcome.getByRole('radio', { name: 'My team’s library' }).check({ force: true });
  await welcome
    .getByRole('textbox', { name: 'Address of the repository' })
    .fill(server.url('team.git'));
  await button(welcome, 'Clone and go on').click();
  await button(page, 'Give access').click();
  const dialog = page.getByRole('dialog', { name: /^Access to 127\.0\.0\.1/ });
  await dialog.getByRole('textbox', { name: 'User name' }).fill('mira');
  await dialog.getByLabel('Token or password').fill('right-token');
  await button(dialog, 'Save and try again').click();
  await expect(welcome.getByRole('heading', { name: 'Choose a provider' })).toBeVisible();
});
