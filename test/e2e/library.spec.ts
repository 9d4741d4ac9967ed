import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '../helpers/browser-app.ts';
import { fixtureLibrary } from '../helpers/git-fixture-library.ts';
import { TeamRepo } from '../helpers/git-repo.ts';
import { answers, ask, button, go, messageBox } from './desk.ts';
import { clone, row } from './library-desk.ts';

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

test('an update says what changed, merges what was edited, and leaves alone what it can’t merge', async ({
  app,
  desk,
}) => {
  const team = new TeamRepo(root);
  const edited = 'prompts/review/code.prompt.md';
  const start = 'knowledge/handbook/start.md';
  const long = 'knowledge/handbook/long.md';
  const lines = Array.from({ length: 20 }, (_, n) => `Line ${n}.`);
  // So many that the two files of a skill may go without a question.
  const pages = Array.from({ length: 10 }, (_, n) => [`knowledge/pages/${n}.md`, `Page ${n}.\n`]);
  team.commit(
    { ...fixtureLibrary, ...Object.fromEntries(pages), [long]: `${lines.join('\n')}\n` },
    'First version',
  );
  await clone(desk, team.bare);
  await expect(desk.getByRole('list', { name: 'Versions' })).toContainText('First version');

  const mine = '---\nname: Code review\ndescription: Mine\n---\n\nMy own words.\n';
  writeFileSync(app.libraryFile(edited), mine);
  writeFileSync(app.libraryFile(long), `${lines.with(1, 'Mine.').join('\n')}\n`);
  team.commit(
    {
      [edited]: '---\nname: Code review\ndescription: Theirs\n---\n\nTheir words.\n',
      [long]: `${lines.with(18, 'Theirs.').join('\n')}\n`,
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
  await expect(desk.getByRole('list', { name: 'Merged with what you edited' })).toContainText(long);
  const waits = desk.getByRole('list', { name: 'Waits for you' });
  await expect(waits).toContainText(edited);
  expect(readFileSync(app.libraryFile(edited), 'utf8')).toBe(mine);
  expect(readFileSync(app.libraryFile(long), 'utf8')).toBe(
    `${lines.with(1, 'Mine.').with(18, 'Theirs.').join('\n')}\n`,
  );
  await expect(row(desk, /Code review.*conflict/)).toBeVisible();
  await expect(row(desk, /Newcomer/)).toBeVisible();
  await expect(desk.getByRole('list', { name: 'Versions' })).toContainText('Second version');

  await waits.getByRole('button', { name: edited }).click();
  await expect(desk.getByText('You and the team changed the same lines')).toBeVisible();
  await desk.getByRole('tab', { name: 'Read' }).click();
  await expect(desk.getByRole('region', { name: 'Body' })).toContainText('My own words.');

  rmSync(team.bare, { recursive: true });
  await button(desk, 'Update').click();
  await expect(
    desk.getByText(/can’t be reached|There is no Git repository/u).first(),
  ).toBeVisible();
  await expect(desk.getByRole('tree', { name: 'Items' })).toBeVisible();
});
