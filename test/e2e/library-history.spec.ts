import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '../helpers/browser-app.ts';
import { fixtureLibrary } from '../helpers/git-fixture-library.ts';
import { git, TeamRepo } from '../helpers/git-repo.ts';
import { button } from './desk.ts';
import { atRemote, clone, fsckLibrary, onDisk, row, show, tab } from './library-desk.ts';

const PROMPT = 'prompts/review/code.prompt.md';
const START = 'knowledge/handbook/start.md';
let root: string;
let team: TeamRepo;

test.beforeEach(async ({ desk }) => {
  root = mkdtempSync(join(tmpdir(), 'carrel-team-'));
  team = new TeamRepo(root);
  team.commit(fixtureLibrary, 'First version');
  team.commit(
    { [PROMPT]: `${fixtureLibrary[PROMPT]}\nSecond thoughts.\n`, [START]: '# Start\n\nAnew.\n' },
    'Second thoughts',
  );
  team.commit({ [START]: '# Start\n\nAnew, and again.\n' }, 'Start again');
  await clone(desk, team.bare);
});

test.afterEach(({ app }) => {
  fsckLibrary(app);
  rmSync(root, { recursive: true, force: true });
});

test('versions of one item, what each changed, and the item as it was', async ({ desk }) => {
  await row(desk, /^Code review/).click();
  await tab(desk, 'History').click();
  const history = desk.getByRole('listbox', { name: 'History' });
  await expect(history.getByRole('option')).toHaveCount(2);
  await expect(history).not.toContainText('Start again');
  await history.getByRole('option', { name: /^Second thoughts/ }).click();
  await expect(desk.getByRole('heading', { name: 'Second thoughts' })).toBeFocused();
  const changes = desk.getByRole('region', { name: 'Changes of this version' });
  await expect(changes).toContainText('added: Second thoughts.');
  await expect(desk.getByText('This is its newest version.')).toBeVisible();
  await button(desk, 'All versions').click();
  await history.getByRole('option', { name: /^First version/ }).click();
  await button(desk, 'Whole item').click();
  await expect(desk.getByRole('region', { name: 'Body' })).not.toContainText('Second thoughts.');
});

test('an item goes back to a version, as a new version', async ({ app, desk }) => {
  await show(desk, PROMPT, 'history');
  await desk.getByRole('option', { name: /^First version/ }).click();
  await button(desk, 'Roll back to this version').click();
  const dialog = desk.getByRole('dialog', { name: /^Roll back “Code review” to / });
  await expect(dialog).toContainText('Every later version stays in the history');
  await dialog.getByRole('button', { name: /^Roll back to / }).click();
  await expect(desk.getByText(/^Rolled back as [0-9a-f]{7}: 1 file\.$/)).toBeVisible();
  expect(onDisk(app, PROMPT)).toBe(fixtureLibrary[PROMPT]);
  expect(onDisk(app, START)).toContain('Anew, and again.');
  expect(atRemote(team, PROMPT)).not.toContain('Second thoughts.');
  expect(git(team.bare, 'rev-list', '--count', 'main')).toBe('4');
});

test('the library goes back to a version; what was edited here stays', async ({ app, desk }) => {
  const mine = `${onDisk(app, 'README.md')}\nMine.\n`;
  writeFileSync(app.libraryFile('README.md'), mine);
  await show(desk, '', 'history');
  const history = desk.getByRole('listbox', { name: 'History' });
  await expect(history.getByRole('option')).toHaveCount(3);
  await expect(history.getByRole('option').first()).toContainText('You are here');
  await history.getByRole('option', { name: /^First version/ }).click();
  const changed = desk.getByRole('list', { name: 'What it changed' });
  await expect(changed).toContainText(START);
  await button(desk, 'Roll back to this version').click();
  await desk
    .getByRole('dialog')
    .getByRole('button', { name: /^Roll back to / })
    .click();
  await expect(desk.getByText(/^Rolled back as [0-9a-f]{7}: 2 files\.$/)).toBeVisible();
  expect(onDisk(app, PROMPT)).toBe(fixtureLibrary[PROMPT]);
  expect(onDisk(app, START)).toBe(fixtureLibrary[START]);
  expect(onDisk(app, 'README.md')).toBe(mine);
  expect(git(team.bare, 'diff', '--name-only', 'main', 'main~3')).toBe('');
});

test('what a version of the library changed opens line by line', async ({ desk }) => {
  await desk
    .getByRole('list', { name: 'Versions' })
    .getByRole('button', { name: /^Start again/ })
    .click();
  await button(desk, `Show the lines of ${START}`).click();
  await expect(desk.getByRole('region', { name: `Lines of ${START}` })).toContainText(
    'added: Anew, and again.',
  );
});
