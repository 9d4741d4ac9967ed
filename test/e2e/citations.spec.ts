import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '../helpers/browser-app.ts';
import { addCollection, addProvider, answers, ask, button } from './desk.ts';

/** The sentence that is asked for stands far below what fits a window. */
const LINE = 203;
const sentence = 'The fog horn sounds every ninety seconds.';
const manual = [
  '# Manual of the station',
  ...Array.from({ length: LINE - 4 }, (_, n) => (n % 2 ? '' : `Remark ${n}: nothing of note.`)),
  '## Fog',
  '',
  sentence,
  '',
  '## Paint',
  '',
  'White every spring.',
  '',
].join('\n');

async function chooseCollection(page: Page, name: string): Promise<void> {
  await button(page, 'Choose collections').click();
  await page.getByRole('menuitemcheckbox', { name: new RegExp(`^${name}`) }).click();
  await page.keyboard.press('Escape');
}

test('the Library reader answers with citations; one opens its passage at its line', async ({
  app,
  desk,
}) => {
  await addCollection(app, 'station', { 'rules/manual.md': manual });
  await chooseCollection(desk, 'station');
  await ask(desk, 'How often does the fog horn sound?');
  await expect(answers(desk)).toContainText(sentence);
  const source = answers(desk).getByRole('button', { name: 'Source 1: rules/manual.md' });
  await source.click();

  const dialog = desk.getByRole('dialog', { name: 'Source 1: rules/manual.md' });
  const lines = dialog.getByRole('group', { name: 'Lines of the document' });
  const cited = lines.getByRole('listitem').filter({ hasText: `Cited, line ${LINE}: ` });
  await expect(cited).toHaveText(`${LINE}Cited, line ${LINE}: ${sentence}`);
  await expect(cited).toBeInViewport();
  await expect(
    lines.getByRole('listitem').filter({ hasText: 'White every spring.' }),
  ).not.toContainText('Cited');
  await button(dialog, 'Close').click();
  await expect(source).toBeFocused();

  await source.press('Enter');
  await dialog.getByRole('button', { name: 'Open in Knowledge' }).click();
  const preview = desk.getByRole('region', { name: 'Preview' });
  const shown = preview.getByRole('listitem').filter({ hasText: 'Cited, line' });
  await expect(shown.first()).toBeInViewport();
  await expect(preview).toContainText(sentence);
});

test('a model is given the passages, and only its real numbers become citations', async ({
  app,
  desk,
  provider,
}) => {
  const server = await provider({ answer: 'Every ninety seconds [1]. Also [99].' });
  await addProvider(app, server);
  await addCollection(app, 'station', { 'manual.md': manual });
  await chooseCollection(desk, 'station');
  await ask(desk, 'How often does the fog horn sound?');
  await expect(answers(desk)).toContainText('Every ninety seconds');
  await expect(answers(desk).getByRole('button', { name: /^Source 1: manual\.md$/ })).toBeVisible();
  await expect(answers(desk).getByRole('button', { name: /^Source 99/ })).toHaveCount(0);
  await expect(answers(desk)).toContainText('[99]');
  const sent = JSON.stringify(server.chats[0]?.body);
  expect(sent).toContain(sentence);

  const margin = desk.getByRole('complementary', { name: 'Sources and what was used' });
  await button(margin, /^Note 1: manual\.md, lines? /).click();
  await expect(desk.getByRole('dialog', { name: 'Source 1: manual.md' })).toContainText(sentence);
});

test('a document that changed says so; one that is gone shows what was cited', async ({
  app,
  desk,
}) => {
  const folder = await addCollection(app, 'station', { 'manual.md': manual });
  await chooseCollection(desk, 'station');
  await ask(desk, 'How often does the fog horn sound?');
  const source = answers(desk).getByRole('button', { name: 'Source 1: manual.md' });
  await expect(source).toBeVisible();

  appendFileSync(join(folder, 'manual.md'), '\nA new remark.\n');
  await source.click();
  const dialog = desk.getByRole('dialog', { name: 'Source 1: manual.md' });
  await expect(dialog).toContainText('The document changed since it was indexed.');
  await dialog.press('Escape');
  await expect(dialog).toHaveCount(0);

  const engine = await app.engine();
  await engine.call('knowledge.remove', { collection: 'station' });
  writeFileSync(join(folder, 'manual.md'), '');
  await source.click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await expect(dialog.getByText('When it was cited, it said:')).toBeVisible();
  await expect(dialog.getByRole('blockquote')).toContainText(sentence);
});

test('with nothing to answer from, the Library reader says so and what to do', async ({ desk }) => {
  await expect(desk.getByRole('link', { name: 'Add documents' })).toBeVisible();
  await ask(desk, 'Anything?');
  await expect(answers(desk)).toContainText('I found nothing about this in your documents.');
});
