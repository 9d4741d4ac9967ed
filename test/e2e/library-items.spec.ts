import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '../helpers/browser-app.ts';
import { fixtureLibrary } from '../helpers/git-fixture-library.ts';
import { TeamRepo } from '../helpers/git-repo.ts';
import { button, go } from './desk.ts';
import { clone, fsckLibrary, onDisk, row, show, source, tab } from './library-desk.ts';

const PROMPT = 'prompts/review/code.prompt.md';
let root: string;
let team: TeamRepo;

test.beforeEach(async ({ desk }) => {
  root = mkdtempSync(join(tmpdir(), 'carrel-team-'));
  team = new TeamRepo(root);
  team.commit(fixtureLibrary, 'First version');
  await clone(desk, team.bare);
});

test.afterEach(({ app }) => {
  fsckLibrary(app);
  rmSync(root, { recursive: true, force: true });
});

test('an item is edited beside its preview; problems are said while one writes; Ctrl+S saves', async ({
  app,
  desk,
}) => {
  await row(desk, /^Code review/).click();
  await tab(desk, 'Edit').click();
  const before = onDisk(app, PROMPT);
  await expect(source(desk)).toHaveValue(before);
  await expect(button(desk, 'Save')).toBeDisabled();
  const preview = desk.getByRole('region', { name: 'Preview' });
  await expect(preview.getByRole('region', { name: 'Variables' })).toBeVisible();

  await source(desk).fill(before.replace('Review this', 'Look at this {{nowhere}}'));
  await expect(preview.getByRole('region', { name: 'Body' })).toContainText('Look at this');
  await expect(desk.getByRole('list', { name: 'Problems' })).toContainText('nowhere');
  await expect(row(desk, /^Code review.*not saved/)).toBeVisible();

  const after = before.replace('Review this', 'Look at this');
  await source(desk).fill(after);
  await expect(desk.getByRole('list', { name: 'Problems' })).toHaveCount(0);
  await source(desk).press('Control+s');
  await expect(button(desk, 'Save')).toBeDisabled();
  await expect.poll(() => onDisk(app, PROMPT)).toBe(after);
  await expect(row(desk, /^Code review.*edited/)).toBeVisible();

  await tab(desk, 'Changes').click();
  const changes = desk.getByRole('region', { name: `Changes of ${PROMPT}` });
  await expect(changes).toContainText('removed: Review this');
  await expect(changes).toContainText('added: Look at this');
  await button(desk, 'Discard edits').click();
  await desk
    .getByRole('dialog')
    .getByRole('button', { name: /^Discard edits of/ })
    .click();
  await expect(desk.getByRole('dialog')).toHaveCount(0);
  expect(onDisk(app, PROMPT)).toBe(before);
  await show(desk, '', 'trash');
  await expect(desk.getByRole('list', { name: 'Trash' })).toContainText(PROMPT);
});

test('the keyboard is never trapped in the source; Tab indents, Escape then Tab leaves', async ({
  desk,
}) => {
  await show(desk, PROMPT, 'edit');
  await source(desk).press('Control+End');
  await desk.keyboard.press('Tab');
  await expect(source(desk)).toBeFocused();
  await expect(source(desk)).toHaveValue(/ {2}$/);
  await desk.keyboard.press('Shift+Tab');
  await expect(source(desk)).toHaveValue(fixtureLibrary[PROMPT] ?? '');
  await desk.keyboard.press('Escape');
  await desk.keyboard.press('Tab');
  await expect(source(desk)).not.toBeFocused();
});

test('text that is not saved is kept while one goes elsewhere, and over a reload', async ({
  app,
  desk,
}) => {
  await show(desk, PROMPT, 'edit');
  const mine = `${onDisk(app, PROMPT)}\nMy unsaved line.\n`;
  await source(desk).fill(mine);
  await go(desk, 'Chat');
  await go(desk, 'Library');
  await row(desk, /^Code review.*not saved/).click();
  await expect(desk.getByText('You have text here that is not saved.')).toBeVisible();
  await expect(desk.getByRole('region', { name: 'Body' })).not.toContainText('My unsaved line.');
  await desk.waitForFunction(() => localStorage.getItem('carrel.library.unsaved'));
  await desk.reload();
  await button(desk, 'Go on writing').click();
  await expect(source(desk)).toHaveValue(mine);

  await button(desk, 'Drop this text').click();
  await expect(source(desk)).not.toHaveValue(mine);
  await button(desk, 'Undo').click();
  await expect(source(desk)).toHaveValue(mine);
});

test('a file that changed elsewhere is never overwritten unseen', async ({ app, desk }) => {
  await show(desk, PROMPT, 'edit');
  const start = onDisk(app, PROMPT);
  await source(desk).fill(`${start}\nMine.\n`);
  writeFileSync(app.libraryFile(PROMPT), `${start}\nOf another program.\n`);
  await button(desk, 'Save').click();
  await expect(desk.getByText('This file was changed elsewhere while you wrote.')).toBeVisible();
  expect(onDisk(app, PROMPT)).toContain('Of another program.');
  await button(desk, 'Compare').click();
  const compare = desk.getByRole('dialog');
  await expect(compare).toContainText('removed: Of another program.');
  await expect(compare).toContainText('added: Mine.');
  await button(compare, 'Keep mine').click();
  await button(desk, 'Save').click();
  await expect.poll(() => onDisk(app, PROMPT)).toContain('Mine.');
});

test('an item is made, moved, deleted with an undo, and put back from the trash', async ({
  app,
  desk,
}) => {
  await button(desk, 'New item').click();
  const create = desk.getByRole('dialog', { name: 'New item' });
  await expect(button(create, 'Create')).toBeDisabled();
  await create.getByRole('textbox', { name: 'Name' }).fill('Release notes');
  await button(create, 'Create').click();
  await expect(source(desk)).toContainText('Release notes');
  await expect(row(desk, /^Release notes.*new/)).toBeVisible();
  const made = 'prompts/release-notes.prompt.md';
  expect(existsSync(app.libraryFile(made))).toBe(true);

  await button(desk, 'More').click();
  await desk.getByRole('menuitem', { name: 'Move or rename' }).click();
  const moved = 'prompts/writing/notes.prompt.md';
  await desk.getByRole('dialog').getByRole('textbox', { name: 'Path' }).fill(moved);
  await button(desk.getByRole('dialog'), 'Move').click();
  await expect.poll(() => existsSync(app.libraryFile(moved))).toBe(true);
  expect(existsSync(app.libraryFile(made))).toBe(false);
  await expect(desk.getByRole('heading', { name: 'Release notes', level: 1 })).toBeVisible();

  await button(desk, 'More').click();
  await desk.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(row(desk, /^Release notes/)).toHaveCount(0);
  expect(existsSync(app.libraryFile(moved))).toBe(false);
  await button(desk, 'Undo').click();
  await expect(row(desk, /^Release notes/)).toBeVisible();
  expect(existsSync(app.libraryFile(moved))).toBe(true);

  await row(desk, /^Code review/).click();
  await button(desk, 'More').click();
  await desk.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(row(desk, /^code.*deleted/i)).toBeVisible();
  await show(desk, '', 'trash');
  await button(desk, `Put back ${PROMPT}`).click();
  await expect(desk.getByText(`Put back as ${PROMPT}.`)).toBeVisible();
  expect(onDisk(app, PROMPT)).toBe(fixtureLibrary[PROMPT]);
  await expect(row(desk, /^Code review$/)).toBeVisible();
});

test('line ends of Windows survive an edit', async ({ app, desk }) => {
  const path = 'prompts/windows.prompt.md';
  const text = '---\r\nname: Windows\r\ndescription: d\r\n---\r\n\r\nOne.\r\nTwo.\r\n';
  writeFileSync(app.libraryFile(path), text);
  await show(desk, path, 'edit');
  await expect(source(desk)).toHaveValue(text.replaceAll('\r\n', '\n'));
  await source(desk).press('Control+End');
  await desk.keyboard.type('Three.\n');
  await button(desk, 'Save').click();
  await expect.poll(() => onDisk(app, path)).toBe(`${text}Three.\r\n`);
});
