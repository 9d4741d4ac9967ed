import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '../helpers/browser-app.ts';
import { fixtureLibrary } from '../helpers/git-fixture-library.ts';
import { TeamRepo } from '../helpers/git-repo.ts';
import { answers, button, go, messageBox } from './desk.ts';
import { clone, row } from './library-desk.ts';

let root: string;

test.beforeEach(async ({ desk }) => {
  root = mkdtempSync(join(tmpdir(), 'carrel-team-'));
  const team = new TeamRepo(root);
  team.commit(
    { ...fixtureLibrary, 'prompts/hello.prompt.md': '---\nname: Hello\n---\n\nSay hello.\n' },
    'First version',
  );
  await clone(desk, team.bare);
});

test.afterEach(() => rmSync(root, { recursive: true, force: true }));

test('the variables of a prompt are a form; its text is looked at before it is sent', async ({
  desk,
}) => {
  await row(desk, /^Code review/).click();
  await button(desk, 'Use in chat').click();
  const form = desk.getByRole('dialog', { name: 'Code review' });
  await button(form, 'Put into the composer').click();
  await expect(form.getByText('This one is needed.').first()).toBeVisible();
  await form.getByRole('combobox', { name: 'Language' }).selectOption('Go');
  await form.getByRole('textbox', { name: 'change' }).fill('func main() {}');
  await expect(form.getByRole('textbox', { name: /^limit/ })).toHaveValue('5');
  await form.getByRole('textbox', { name: /^limit/ }).fill('many');
  await button(form, 'Put into the composer').click();
  await expect(form.getByText('Enter a number.')).toBeVisible();
  await form.getByRole('textbox', { name: /^limit/ }).fill('3');
  await form.getByText('strict').click();
  await button(form, 'Put into the composer').click();

  await expect(messageBox(desk)).toHaveValue(
    'Review this Go change (no), at most 3 points:\nfunc main() {}',
  );
  await expect(messageBox(desk)).toBeFocused();
  await expect(answers(desk)).toHaveCount(0);
});

test('prompts are in the palette; one without variables goes straight into the composer', async ({
  desk,
}) => {
  await go(desk, 'Chat');
  await messageBox(desk).fill('Before.');
  await desk.keyboard.press('Control+k');
  await desk.getByRole('combobox').fill('hello');
  await desk.getByRole('group', { name: 'Prompts' }).getByRole('option').first().click();
  await expect(messageBox(desk)).toHaveValue('Before.\n\nSay hello.');
  await expect(messageBox(desk)).toBeFocused();
});

test('a slash in the empty composer lists the prompts', async ({ desk }) => {
  await go(desk, 'Chat');
  await messageBox(desk).press('/');
  const menu = desk.getByRole('menu').filter({ hasText: 'Prompts' });
  await expect(menu).toBeVisible();
  await desk.keyboard.press('Escape');
  await expect(menu).toHaveCount(0);
  await expect(messageBox(desk)).toHaveValue('/');
  await messageBox(desk).fill('');
  await messageBox(desk).press('/');
  await expect(menu.getByRole('menuitem').first()).toBeFocused();
  await desk.keyboard.type('hel');
  await desk.keyboard.press('Enter');
  await expect(messageBox(desk)).toHaveValue('Say hello.');
});
