import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '../helpers/browser-app.ts';
import { fixtureLibrary } from '../helpers/git-fixture-library.ts';
import { TeamRepo } from '../helpers/git-repo.ts';
import { button, go } from './desk.ts';
import {
  atRemote,
  clone,
  fsckLibrary,
  onDisk,
  publish,
  row,
  show,
  source,
} from './library-desk.ts';

const PROMPT = 'prompts/long.prompt.md';
const text = (first: string, second: string): string =>
  [
    '---',
    'name: Long',
    'description: Long',
    '---',
    '',
    first,
    ...Array.from({ length: 12 }, (_, n) => `Line ${n} between.`),
    second,
    'The end.',
    '',
  ].join('\n');
let root: string;
let team: TeamRepo;

test.beforeEach(async ({ app, desk }) => {
  root = mkdtempSync(join(tmpdir(), 'carrel-team-'));
  team = new TeamRepo(root);
  team.commit(
    {
      ...fixtureLibrary,
      [PROMPT]: text('First.', 'Second.'),
      'assets/logo.png': Buffer.from([0x89, 0x50, 0, 1]),
    },
    'First version',
  );
  await clone(desk, team.bare);
  writeFileSync(app.libraryFile(PROMPT), text('First, mine.', 'Second, mine.'));
  writeFileSync(app.libraryFile('assets/logo.png'), Buffer.from([0x89, 0x50, 0, 2]));
  writeFileSync(app.libraryFile('README.md'), '# Mine\n');
  team.commit(
    {
      [PROMPT]: text('First, theirs.', 'Second, theirs.'),
      'assets/logo.png': Buffer.from([0x89, 0x50, 0, 3, 3]),
      'README.md': null,
    },
    'Of the team',
  );
  await go(desk, 'Library');
  await button(desk, 'Update').click();
});

test.afterEach(({ app }) => {
  fsckLibrary(app);
  rmSync(root, { recursive: true, force: true });
});

test('a conflict is solved difference by difference; choices outlive a reload', async ({
  app,
  desk,
}) => {
  await expect(desk.getByRole('list', { name: 'Waits for you' })).toContainText(PROMPT);
  expect(onDisk(app, PROMPT)).toBe(text('First, mine.', 'Second, mine.'));
  await row(desk, /^Long.*conflict/).click();
  await expect(button(desk, 'Save and mark solved')).toBeDisabled();
  await expect(desk.getByText('2 of 2 differences left')).toBeVisible();
  const first = desk.getByRole('region', { name: 'Difference 1' });
  await expect(first).toContainText('First, mine.');
  await expect(first).toContainText('First, theirs.');
  await button(first, 'Both').click();
  await expect(desk.getByText('1 of 2 differences left')).toBeVisible();
  await desk.waitForFunction(() => localStorage.getItem('carrel.library.unsaved'));
  await desk.reload();
  await expect(desk.getByText('1 of 2 differences left')).toBeVisible();
  const second = desk.getByRole('region', { name: 'Difference 2' });
  await button(second, 'Write it').click();
  await second.getByRole('textbox').fill('Second, agreed.');
  const result = desk.getByRole('region', { name: 'Result so far' });
  await expect(result).toContainText('Second, agreed.');
  await button(desk, 'Save and mark solved').click();
  await expect(row(desk, /^Long.*edited/)).toBeVisible();
  const solved = text('First, theirs.\nFirst, mine.', 'Second, agreed.');
  await expect.poll(() => onDisk(app, PROMPT)).toBe(solved);

  // The rest still waits, and holds up nothing.
  await publish(desk, 'Agreed');
  await expect(desk.getByText(/^Published as /)).toBeVisible();
  expect(`${atRemote(team, PROMPT)}\n`).toBe(solved);
});

test('the result can be written as a whole, and a choice undone', async ({ app, desk }) => {
  await show(desk, PROMPT, 'conflict');
  await button(desk.getByRole('region', { name: 'Difference 1' }), 'Yours').click();
  await button(desk, 'Undo choice').click();
  await expect(desk.getByText('2 of 2 differences left')).toBeVisible();
  await button(desk, 'Write in it').click();
  const box = desk.getByRole('textbox', { name: 'Result' });
  await expect(box).toHaveValue(/First, theirs\.\nFirst, mine\./);
  await box.fill(text('Written.', 'Anew.'));
  await button(desk, 'Save and mark solved').click();
  await expect.poll(() => onDisk(app, PROMPT)).toBe(text('Written.', 'Anew.'));
});

test('what can’t be mixed is kept from one side; nothing unrelated waits', async ({
  app,
  desk,
}) => {
  await show(desk, '', 'conflicts');
  const list = desk.getByRole('listbox', { name: 'Conflicts' });
  await expect(list.getByRole('option')).toHaveCount(3);
  await list.getByRole('option', { name: /logo\.png/ }).click();
  await expect(desk.getByText('4 bytes')).toBeVisible();
  await expect(desk.getByText('5 bytes')).toBeVisible();
  await desk.getByText('Take the team’s').click();
  await button(desk, 'Save and mark solved').click();
  await expect(row(desk, /^logo\.png.*conflict/)).toHaveCount(0);
  expect(onDisk(app, 'assets/logo.png')).toHaveLength(5);

  await show(desk, 'README.md', 'conflict');
  await desk.getByText('Keep yours').click();
  await button(desk, 'Save and mark solved').click();
  await expect.poll(() => onDisk(app, 'README.md')).toBe('# Mine\n');

  // An item without a conflict is edited meanwhile.
  await show(desk, 'knowledge/handbook/start.md', 'edit');
  await source(desk).fill('# Start\n\nWritten meanwhile.\n');
  await button(desk, 'Save').click();
  await expect
    .poll(() => onDisk(app, 'knowledge/handbook/start.md'))
    .toContain('Written meanwhile.');
});
