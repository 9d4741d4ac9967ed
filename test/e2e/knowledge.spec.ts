import { expect, test } from '../helpers/browser-app.ts';
import { addCollection, button, dropFiles, go, messageBox } from './desk.ts';

const lamp = {
  'lamps.md':
    '# Lamps\n\nOil lamps need a trimmed wick.\n\n## Whale oil\n\nWhale oil burns bright and clean.\n',
  'keeper.txt': 'The keeper trims every wick at dusk.\n',
};

test('files are chosen, sent, indexed; other kinds say that they are not yet supported', async ({
  app,
  desk,
}) => {
  const folder = app.writeHome('lamps', { ...lamp, 'plan.pdf': Buffer.from('%PDF-1.7\n') });
  await go(desk, 'Knowledge');
  await button(desk, 'Add files or folder').click();
  const dialog = desk.getByRole('dialog', { name: 'Add files or folder' });
  await expect(button(dialog, 'Add')).toBeDisabled();
  await expect(button(dialog, 'Add')).toHaveAccessibleDescription(/.+/);
  const chooser = desk.waitForEvent('filechooser');
  await button(dialog, 'Choose files').click();
  await (
    await chooser
  ).setFiles(['lamps.md', 'keeper.txt', 'plan.pdf'].map((name) => `${folder}/${name}`));
  await dialog.getByRole('textbox', { name: 'Collection' }).fill('Lighthouse');
  await button(dialog, 'Add').click();

  const queue = desk.getByRole('region', { name: 'Indexing' });
  await expect(queue).toContainText('2 of 3 files added');
  await expect(queue).toContainText('plan.pdf');
  await expect(queue).toContainText('not yet supported');
  await expect(desk.getByRole('heading', { name: 'Lighthouse', level: 1 })).toBeVisible();
  await button(queue, 'Dismiss Lighthouse').click();
  await expect(queue).toHaveCount(0);

  await desk.getByRole('tab', { name: /^Files/ }).click();
  const rows = desk.getByRole('table').getByRole('row');
  await expect(rows.filter({ hasText: 'lamps.md' })).toContainText('Indexed');
  await button(desk.getByRole('group', { name: 'Which files' }), 'With problems').click();
  await expect(rows.filter({ hasText: 'lamps.md' })).toHaveCount(0);
  await expect(rows.filter({ hasText: 'plan.pdf' })).toContainText('not yet supported');
});

test('a folder is dropped on a new collection, a file on the collection that is open', async ({
  app,
  desk,
}) => {
  const folder = app.writeHome('lighthouse', { 'coast/lamps.md': lamp['lamps.md'] });
  const file = app.writeHome('single', { 'keeper.txt': lamp['keeper.txt'] });
  await go(desk, 'Knowledge');
  await expect(button(desk, 'Add files or folder')).toBeVisible();
  await dropFiles(desk.getByRole('main'), [folder]);
  const dialog = desk.getByRole('dialog', { name: 'Add files or folder' });
  await expect(dialog.getByRole('textbox', { name: 'Collection' })).toHaveValue('lighthouse');
  await button(dialog, 'Add').click();
  const queue = desk.getByRole('region', { name: 'Indexing' });
  await expect(queue).toContainText('1 of 1 file added');

  await expect(desk.getByRole('heading', { name: 'lighthouse', level: 1 })).toBeVisible();
  await dropFiles(desk.getByRole('main'), [`${file}/keeper.txt`]);
  await expect(desk.getByRole('tab', { name: 'Files 2' })).toBeVisible();
  const engine = await app.engine();
  const { files } = await engine.call('knowledge.files', { collection: 'lighthouse' });
  expect(files.map(({ path, state }) => `${path} ${state}`)).toEqual([
    'keeper.txt indexed',
    'lighthouse/coast/lamps.md indexed',
  ]);
});

test('a large folder by its path shows its progress; cancelling keeps what is done', async ({
  app,
  desk,
}) => {
  const many: Record<string, string> = {};
  for (let n = 0; n < 3_000; n++) {
    many[`part-${n % 40}/note-${n}.md`] = `# Note ${n}\n\nThe lamp of pier ${n}.\n`.repeat(20);
  }
  app.writeHome('archive', many);
  await go(desk, 'Knowledge');
  await button(desk, 'Add files or folder').click();
  const dialog = desk.getByRole('dialog', { name: 'Add files or folder' });
  await button(dialog, 'Choose a path on the machine that runs Carrel').click();
  await button(dialog, 'archive').click();
  await button(dialog, 'Use this folder').click();
  await expect(dialog.getByRole('textbox', { name: 'Collection' })).toHaveValue('archive');
  await button(dialog, 'Add').click();

  const queue = desk.getByRole('region', { name: 'Indexing' });
  await expect(queue.getByRole('progressbar')).toHaveAttribute('max', /^\d+$/);
  await expect(queue).toContainText(/[\d,]+ of 3,000/);
  await button(queue, 'Cancel').click();
  await expect(queue.getByRole('status')).toContainText(
    'Cancelled. What was indexed until then is kept.',
  );
  const engine = await app.engine();
  const { total } = await engine.call('knowledge.files', { collection: 'archive' });
  expect(total).toBeGreaterThan(0);
});

test('search marks the words; arrows walk through the passages and the preview follows', async ({
  app,
  desk,
}) => {
  await addCollection(app, 'lighthouse', {
    ...lamp,
    'boats.md': '# Boats\n\nThe tender comes on Mondays.\n',
    'stores.md': '# Stores\n\nFlour, salt, rope and paint for a year.\n',
    'weather.md': '# Weather\n\nFog from the west, mostly in spring.\n',
  });
  await go(desk, 'Knowledge');
  const box = desk.getByRole('searchbox', { name: 'Search knowledge' });
  await box.fill('oil lamps with a wick');
  const hits = desk.getByRole('list', { name: 'Passages' }).getByRole('button');
  await expect(hits.nth(1)).toBeVisible();
  await expect(hits.first()).toContainText('lamps.md');
  await expect(hits.first().locator('mark').first()).toHaveText(/oil|lamps|wick/i);

  const preview = desk.getByRole('region', { name: 'Preview' });
  await expect(preview).toContainText('Oil lamps need a trimmed wick.');
  await expect(preview.locator('mark').first()).toHaveText(/oil|lamps|wick/i);
  await box.press('ArrowDown');
  await expect(hits.first()).toBeFocused();
  await desk.keyboard.press('End');
  await expect(hits.last()).toBeFocused();
  await expect(hits.last()).toHaveAttribute('aria-current', 'true');
  await expect(hits.last()).toContainText('keeper.txt');
  await expect(preview).toContainText('The keeper trims every wick at dusk.');

  await box.fill('zeppelin');
  await expect(desk.getByText('No passage found')).toBeVisible();
  await box.press('Escape');
  await expect(box).toHaveValue('');

  await desk.getByRole('option', { name: /^lighthouse/ }).click();
  await box.fill('whale');
  await expect(hits).toHaveCount(1);
  await preview.getByRole('link', { name: 'Ask about it' }).click();
  await expect(button(desk, 'Remove lighthouse')).toBeVisible();
});

test('a collection is removed after a question that names it; the files stay', async ({
  app,
  desk,
}) => {
  const folder = await addCollection(app, 'lighthouse', lamp);
  await go(desk, 'Knowledge');
  await desk.getByRole('option', { name: /^lighthouse/ }).click();
  await button(desk, 'More').click();
  await desk.getByRole('menuitem', { name: 'Remove the collection' }).click();
  const asks = desk.getByRole('dialog', { name: 'Remove the collection “lighthouse”?' });
  await expect(asks).toContainText('Files on disk stay where they are.');
  await button(asks, 'Remove “lighthouse”').click();
  await expect(desk.getByRole('heading', { name: 'All collections' })).toBeVisible();
  await expect(desk.getByRole('option', { name: /^lighthouse/ })).toHaveCount(0);
  const engine = await app.engine();
  expect((await engine.call('knowledge.browse', { path: folder })).entries).toHaveLength(2);
});

test('a file dropped where nothing takes it is left alone: the page stays, the draft too', async ({
  app,
  desk,
}) => {
  const folder = app.writeHome('single', { 'keeper.txt': lamp['keeper.txt'] });
  await messageBox(desk).fill('A draft');
  const heading = desk.getByRole('heading', { level: 1 });
  await dropFiles(heading, [`${folder}/keeper.txt`]);
  await expect(messageBox(desk)).toHaveValue('A draft');
  // The browser's own answer to a drop can't be driven from here; it gives none where the page took it.
  const refused = await heading.evaluate((it) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['text'], 'a.txt'));
    return ['dragover', 'drop'].map(
      (type) =>
        !it.dispatchEvent(
          new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }),
        ),
    );
  });
  expect(refused).toEqual([true, true]);
  expect(new URL(desk.url()).origin).toBe(app.origin);
});
