import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '../helpers/browser-app.ts';
import { fixtureLibrary } from '../helpers/git-fixture-library.ts';
import { TeamRepo } from '../helpers/git-repo.ts';
import { answers, ask, button, go, messageBox } from './desk.ts';

let root: string;

test.beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'carrel-team-'));
});

test.afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

test('the starter library is opened: items by kind, one item, an agent used in chat', async ({
  desk,
}) => {
  await go(desk, 'Library');
  await expect(desk.getByRole('heading', { name: 'No library yet' })).toBeVisible();
  await button(desk, 'Open the starter library').click();
  const tree = desk.getByRole('tree', { name: 'Items' });
  await expect(tree).toBeVisible();
  await expect(tree.getByRole('treeitem', { name: /^Prompts/ })).toHaveAttribute(
    'aria-expanded',
    'true',
  );
  await desk.getByRole('searchbox', { name: 'Filter items' }).fill('review a change');
  const found = tree.getByRole('treeitem', { level: 2 });
  await expect(found).toHaveCount(1);
  await found.click();
  await expect(desk.getByRole('heading', { name: /review a change/i, level: 1 })).toBeVisible();
  const variables = desk.getByRole('region', { name: 'Variables' });
  await expect(variables.getByRole('row')).not.toHaveCount(1);
  const body = desk.getByRole('region', { name: 'Body' });
  await button(body, 'Source').click();
  await expect(body).toContainText('{{');

  await desk.getByRole('searchbox', { name: 'Filter items' }).fill('zzz');
  await expect(desk.getByText('No item fits')).toBeVisible();
  await button(desk, 'Clear the filter').click();

  // The tree is one tab stop; the arrows walk in it.
  const agents = tree.getByRole('treeitem', { name: /^Agents/ });
  await agents.focus();
  await desk.keyboard.press('ArrowRight');
  await desk.keyboard.press('Enter');
  await desk.getByRole('button', { name: 'Use in chat' }).click();
  await expect(messageBox(desk)).toBeVisible();
  await expect(button(desk, /^Remove /)).toBeVisible();
});

test('the guide of the starter library answers at once, with citations', async ({ app, desk }) => {
  const engine = await app.engine();
  await engine.stream('library.connect', { source: { kind: 'starter' } });
  await expect
    .poll(async () => (await engine.call('knowledge.collections', {})).collections)
    .toMatchObject([{ name: 'carrel-guide', state: 'ready' }]);
  await ask(desk, 'How do I add a folder to Knowledge?');
  await expect(answers(desk).getByRole('button', { name: /^Source 1: / })).toBeVisible();
  await expect(answers(desk)).toContainText(/folder/i);
});

test('an update from the remote says what changed and leaves an edited file alone', async ({
  app,
  desk,
}) => {
  const team = new TeamRepo(root);
  team.commit(fixtureLibrary, 'First version');
  await go(desk, 'Library');
  await desk.getByRole('textbox', { name: 'Clone a URL' }).fill(team.bare);
  await button(desk, 'Clone').click();
  await expect(desk.getByRole('tree', { name: 'Items' })).toBeVisible();
  await expect(desk.getByRole('list', { name: 'Versions' })).toContainText('First version');

  const edited = 'prompts/review/code.prompt.md';
  const mine = '---\nname: Code review\ndescription: Mine\n---\n\nMy own words.\n';
  mkdirSync(dirname(app.libraryFile(edited)), { recursive: true });
  writeFileSync(app.libraryFile(edited), mine);
  const start = 'knowledge/handbook/start.md';
  team.commit(
    {
      [edited]: `${fixtureLibrary[edited]}\nThe team says more.\n`,
      [start]: '# Start\n\nRead this first, then ask.\n',
      'prompts/new.prompt.md': '---\nname: Newcomer\ndescription: New\n---\n\nHello.\n',
      'skills/release': null,
    },
    'Second version',
  );
  await button(desk, 'Update').click();
  await expect(desk.getByRole('status').filter({ hasText: 'Updated to' })).toBeVisible();
  const changed = desk.getByRole('list', { name: 'What changed' }).getByRole('listitem');
  await expect(changed.filter({ hasText: start })).toContainText('modified');
  await expect(changed.filter({ hasText: 'prompts/new.prompt.md' })).toContainText('added');
  await expect(changed.filter({ hasText: 'skills/release/SKILL.md' })).toContainText('deleted');
  await expect(changed.filter({ hasText: edited })).toHaveCount(0);
  const kept = desk.getByRole('list', { name: 'Kept as you edited it' });
  await expect(kept).toContainText(edited);
  expect(readFileSync(app.libraryFile(edited), 'utf8')).toBe(mine);
  await expect(desk.getByRole('treeitem', { name: /Code review.*edited/ })).toBeVisible();
  await expect(desk.getByRole('treeitem', { name: /Newcomer/ })).toBeVisible();
  await expect(desk.getByRole('list', { name: 'Versions' })).toContainText('Second version');

  await kept.getByRole('button', { name: edited }).click();
  await expect(desk.getByText('You edited this file.')).toBeVisible();
  await expect(desk.getByRole('region', { name: 'Body' })).toContainText('My own words.');

  await button(desk, 'Update').click();
  await expect(desk.getByText('The library is up to date, but for what you edited.')).toBeVisible();
  rmSync(team.bare, { recursive: true });
  await button(desk, 'Update').click();
  await expect(desk.getByRole('alert').first()).toBeVisible();
  await expect(desk.getByRole('tree', { name: 'Items' })).toBeVisible();
});
