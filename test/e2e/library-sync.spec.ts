import { randomBytes } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '../helpers/browser-app.ts';
import { fixtureLibrary } from '../helpers/git-fixture-library.ts';
import { startGitHttp } from '../helpers/git-http-server.ts';
import { git, TeamRepo } from '../helpers/git-repo.ts';
import { button, go } from './desk.ts';
import { startHeldProxy } from './held-proxy.ts';
import {
  atRemote,
  clone,
  fsckLibrary,
  items,
  onDisk,
  publish,
  row,
  show,
  source,
  withColleague,
} from './library-desk.ts';

const PROMPT = 'prompts/review/code.prompt.md';
let root: string;
let team: TeamRepo;

test.beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'carrel-team-'));
  team = new TeamRepo(root);
  team.commit(fixtureLibrary, 'First version');
});

test.afterEach(({ app }) => {
  fsckLibrary(app);
  rmSync(root, { recursive: true, force: true });
});

test('a clone tells how far it is, can be cancelled, and done again', async ({ app, desk }) => {
  // Bytes that do not get smaller: enough to be on their way for a while.
  team.commit({ 'knowledge/handbook/scan.bin': randomBytes(3_000_000) }, 'A large file');
  const server = await startGitHttp(root);
  const proxy = await startHeldProxy(500_000);
  try {
    await go(desk, 'Library');
    const url = proxy.url(server.url('team.git'));
    await desk.getByRole('textbox', { name: 'Clone a URL' }).fill(url);
    await button(desk, 'Clone').click();
    await expect(desk.getByText('Fetching', { exact: true })).toBeVisible();
    await expect(desk.getByText(/\d+ KB|\d+\.\d MB/)).toBeVisible();
    await expect(desk.getByRole('banner')).toContainText('Library: fetching');
    await button(desk, 'Cancel').click();
    await expect(desk.getByText('Fetching', { exact: true })).toHaveCount(0);
    await expect(desk.getByRole('heading', { name: 'No library yet' })).toBeVisible();
    proxy.rest.open();
    await button(desk, 'Clone').click();
    await expect(items(desk)).toBeVisible();
    await expect(desk.getByRole('list', { name: 'Versions' })).toContainText('A large file');
    expect(onDisk(app, PROMPT)).toBe(fixtureLibrary[PROMPT]);
  } finally {
    await proxy.close();
    await server.close();
  }
});

test('what one person publishes the other sees before taking it, and gets', async ({
  app,
  desk,
}) => {
  await clone(desk, team.bare);
  await withColleague(async (colleague) => {
    const other = await colleague.engine();
    await other.stream('library.connect', { source: { kind: 'remote', url: team.bare } });

    await show(desk, PROMPT, 'edit');
    const mine = onDisk(app, PROMPT).replace('Review this', 'Read this');
    await source(desk).fill(mine);
    await button(desk, 'Save').click();
    await expect(button(desk, 'Publish 1 change')).toBeVisible();
    await publish(desk, 'Read, not review');
    await expect(desk.getByText(/^Published as [0-9a-f]{7}: 1 file\.$/)).toBeVisible();
    await expect(desk.getByText('The team has it.')).toBeVisible();
    await expect(row(desk, /^Code review$/)).toBeVisible();
    expect(`${atRemote(team, PROMPT)}\n`).toBe(mine);
    expect(git(team.bare, 'log', '-1', '--format=%s', 'main')).toBe('Read, not review');
    await button(desk, 'Dismiss').click();

    await other.stream('library.update', {});
    expect(onDisk(colleague, PROMPT)).toBe(mine);
    const { oid } = await other.call('library.item', { path: PROMPT });
    const theirs = mine.replace('Read this', 'Study this');
    await other.call('library.save', { path: PROMPT, content: theirs, expect: oid });
    await other.stream('library.publish', { message: 'Study, not read' });

    await go(desk, 'Library');
    await button(desk, 'More').click();
    await desk.getByRole('menuitem', { name: 'Look for changes' }).click();
    await expect(desk.getByText('An update of the team is ready: 1 file changes.')).toBeVisible();
    await expect(row(desk, /^Code review.*update/)).toBeVisible();
    await expect(desk.getByRole('banner')).toContainText('Library: update ready');
    await button(desk, 'What it changes').click();
    await button(desk, `Show the lines of ${PROMPT}`).click();
    const lines = desk.getByRole('region', { name: `Lines of ${PROMPT}` });
    await expect(lines).toContainText('added: Study this');
    expect(onDisk(app, PROMPT)).toBe(mine);
    await button(desk, 'Take the update').click();
    await expect(desk.getByText(/^Updated to [0-9a-f]{7}: 1 file changed\.$/)).toBeVisible();
    await expect(desk.getByRole('list', { name: 'What changed' })).toContainText(PROMPT);
    expect(onDisk(app, PROMPT)).toBe(theirs);
  });
});

test('only what is ticked goes; what can’t go says why', async ({ app, desk }) => {
  await clone(desk, team.bare);
  writeFileSync(app.libraryFile(PROMPT), `${onDisk(app, PROMPT)}\nMore.\n`);
  writeFileSync(app.libraryFile('knowledge/handbook/later.md'), '# Later\n');
  writeFileSync(app.libraryFile('knowledge/handbook/aux.md'), '# A name that Windows keeps\n');
  await go(desk, 'Chat');
  await go(desk, 'Library');
  await desk.getByRole('button', { name: /^Publish \d/ }).click();
  const dialog = desk.getByRole('dialog', { name: 'Publish to the team' });
  const going = dialog.getByRole('list', { name: 'What will go' });
  await expect(going.getByRole('listitem')).toHaveCount(3);
  await expect(going).toContainText(/aux\.md.*Does not go: /);
  await going.getByText('knowledge/handbook/later.md').click();
  await expect(dialog.getByText('Say what you changed.')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'What you changed, and why' }).fill('More of it');
  await button(dialog, 'Publish 1 file').click();
  await expect(desk.getByText(/^Published as [0-9a-f]{7}: 1 file\.$/)).toBeVisible();
  expect(atRemote(team, PROMPT)).toContain('More.');
  expect(git(team.bare, 'ls-tree', '-r', '--name-only', 'main')).not.toContain('later.md');
});

test('without the remote all works; what is published waits and goes out when it is back', async ({
  app,
  desk,
}) => {
  await clone(desk, team.bare);
  const away = `${team.bare}.away`;
  renameSync(team.bare, away);
  await show(desk, PROMPT, 'edit');
  await source(desk).press('Control+End');
  await desk.keyboard.type('Written offline.');
  await desk.keyboard.press('Control+s');
  await publish(desk, 'Written offline');
  await expect(desk.getByText(/^Published here as .* It waits for the remote\.$/)).toBeVisible();
  await button(desk, 'Dismiss').click();
  await expect(row(desk, /^Code review.*queued/)).toBeVisible();
  await expect(desk.getByRole('list', { name: 'Versions' })).toContainText('not sent yet');

  await desk.reload();
  await expect(desk.getByRole('banner')).toContainText(/queued|failed|offline/);
  renameSync(away, team.bare);
  await button(desk, 'Update').click();
  await expect(row(desk, /^Code review$/)).toBeVisible();
  await expect.poll(() => atRemote(team, PROMPT)).toContain('Written offline.');
  await expect(desk.getByRole('list', { name: 'Versions' })).not.toContainText('not sent yet');
  expect(onDisk(app, PROMPT)).toContain('Written offline.');
});

test('a server that is away is no failure: the library says offline, and all else works', async ({
  desk,
}) => {
  const server = await startGitHttp(root);
  await clone(desk, server.url('team.git'));
  await server.close();
  await button(desk, 'Update').click();
  await expect(desk.getByText('The remote can’t be reached. All else works.')).toBeVisible();
  await expect(desk.getByRole('banner')).toContainText('Library offline');
  await row(desk, /^Code review/).click();
  await expect(desk.getByRole('region', { name: 'Body' })).toBeVisible();
});

test('a version that deletes much asks first, by its numbers', async ({ app, desk }) => {
  const many = Object.fromEntries(
    Array.from({ length: 40 }, (_, n) => [`knowledge/notes/n${n}.md`, `# Note ${n}\n`]),
  );
  team.commit(many, 'Notes');
  await clone(desk, team.bare);
  team.commit({ 'knowledge/notes': null }, 'No notes');
  await button(desk, 'Update').click();
  await expect(desk.getByText(/^The team’s new version deletes 40 of \d+ files\.$/)).toBeVisible();
  await expect(desk.locator('#attention-library')).toHaveText('1 thing needs you');
  expect(onDisk(app, 'knowledge/notes/n1.md')).toBe('# Note 1\n');
  await button(desk, 'Decide about the update').click();
  const dialog = desk.getByRole('dialog');
  await expect(button(dialog, 'Keep my files')).toBeFocused();
  await button(dialog, 'Delete 40 files').click();
  await expect(desk.getByText(/^Updated to [0-9a-f]{7}: 40 files changed\.$/)).toBeVisible();
  await show(desk, '', 'trash');
  await expect(desk.getByRole('list', { name: 'Trash' })).toContainText('the team deleted it');
});
