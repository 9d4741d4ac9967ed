import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { startGitHttp } from '../../helpers/git-http-server.ts';
import { git } from '../../helpers/git-repo.ts';
import { startSshd } from '../../helpers/sshd.ts';
import { button, go } from '../desk.ts';
import { startHeldProxy } from '../held-proxy.ts';
import { row, show, source, tab } from '../library-desk.ts';
import { escape } from './empty.ts';
import { changeThere, editHere, MERGED, OWN, PICTURE, startTeam } from './library-team.ts';
import type { Scene, ScreenState, Stage } from './stage.ts';

async function prepare({ app, root }: Stage): Promise<void> {
  const team = startTeam(root);
  await app.skipFirstStart();
  const engine = await app.engine();
  await engine.call('settings.set', { key: 'library.authorName', value: 'Mira' });
  await engine.stream('library.connect', { source: { kind: 'remote', url: team.bare } });
  editHere(app);
  changeThere(team);
  await engine.stream('library.check', {});
}

/** Not the one of a toast. */
const dismiss = (page: Page) => page.locator('.library-notes').getByText('Dismiss').click();
const list = (page: Page, name: string) => page.getByRole('list', { name, exact: true });

const withTheTeam: readonly ScreenState[] = [
  {
    name: 'library-available',
    show: async ({ page }) => {
      await go(page, 'Library');
      await button(page, 'What it changes').click();
      await page.getByRole('button', { name: /^Show the lines of .*offline-use/ }).click();
      await expect(page.getByText('added: Everything but providers.')).toBeAttached();
    },
  },
  {
    name: 'library-updated',
    show: async ({ page }) => {
      await button(page, 'Take the update').click();
      await expect(list(page, 'What changed')).toBeVisible();
      await expect(list(page, 'Waits for you')).toBeVisible();
    },
  },
  {
    name: 'library-conflict',
    show: async ({ page }) => {
      await dismiss(page);
      await row(page, /^Review a change.*conflict/).click();
      await button(page.getByRole('region', { name: 'Difference 1' }), 'Both').click();
      await expect(page.getByText('1 of 2 differences left')).toBeVisible();
    },
  },
  {
    name: 'library-conflict-writing',
    show: async ({ page }) => {
      const second = page.getByRole('region', { name: 'Difference 2' });
      await button(second, 'Write it').click();
      await expect(button(page, 'Save and mark solved')).toBeEnabled();
      return () => button(page, 'Undo choice').click();
    },
  },
  {
    name: 'library-conflicts',
    show: async ({ page }) => {
      await show(page, '', 'conflicts');
      await expect(page.getByRole('listbox', { name: 'Conflicts' })).toBeVisible();
    },
  },
  {
    name: 'library-conflict-sides',
    show: async ({ page }) => {
      await show(page, PICTURE, 'conflict');
      await page.getByText('Take the team’s').click();
      await expect(button(page, 'Save and mark solved')).toBeEnabled();
    },
  },
];

const oneItem: readonly ScreenState[] = [
  {
    name: 'library-edit',
    show: async ({ page }) => {
      await show(page, OWN, 'edit');
      await source(page).press('Control+End');
      await page.keyboard.type('Write for {{nobody}}.\n');
      await expect(list(page, 'Problems')).toBeVisible();
    },
  },
  {
    name: 'library-unsaved',
    show: async ({ page }) => {
      await tab(page, 'Read').click();
      await expect(button(page, 'Go on writing')).toBeVisible();
    },
  },
  {
    name: 'library-changed-meanwhile',
    show: async ({ app, page }) => {
      await tab(page, /^Edit/).click();
      const file = app.libraryFile(OWN);
      const before = readFileSync(file, 'utf8');
      writeFileSync(file, `${before}\nOf another program.\n`);
      await button(page, 'Save').click();
      await expect(button(page, 'Compare')).toBeVisible();
      return () => button(page, 'Reload, drop mine').click();
    },
  },
  {
    name: 'library-changes',
    show: async ({ page }) => {
      await tab(page, 'Changes').click();
      await expect(page.getByRole('region', { name: `Changes of ${OWN}` })).toBeVisible();
    },
  },
  {
    name: 'library-discard-dialog',
    show: async ({ page }) => {
      await button(page, 'Discard edits').click();
      await expect(page.getByRole('dialog')).toBeVisible();
      return escape(page);
    },
  },
  {
    name: 'library-new-item',
    show: async ({ page }) => {
      await button(page, 'New item').click();
      await button(page.getByRole('dialog'), 'Document').click();
      return escape(page);
    },
  },
  {
    name: 'library-prompt-form',
    show: async ({ page }) => {
      await show(page, MERGED);
      await button(page, 'Use in chat').click();
      await button(page.getByRole('dialog'), 'Put into the composer').click();
      await expect(page.getByText('This one is needed.')).toBeVisible();
      return escape(page);
    },
  },
];

const versions: readonly ScreenState[] = [
  {
    name: 'library-publish-dialog',
    show: async ({ page }) => {
      await page.getByRole('button', { name: /^Publish \d/ }).click();
      const dialog = page.getByRole('dialog', { name: 'Publish to the team' });
      await expect(list(page, 'What will go')).toContainText('Does not go');
      await dialog.getByRole('textbox', { name: 'What you changed, and why' }).fill('Minutes');
    },
  },
  {
    name: 'library-published',
    show: async ({ page }) => {
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Publish \d/ })
        .click();
      await expect(page.getByText(/^Published as /)).toBeVisible();
      return () => dismiss(page);
    },
  },
  {
    name: 'library-history',
    show: async ({ page }) => {
      await show(page, '', 'history');
      await expect(page.getByRole('listbox', { name: 'History' })).toBeVisible();
    },
  },
  {
    name: 'library-version',
    show: async ({ page }) => {
      await page.getByRole('option', { name: /^Shorter review/ }).click();
      await page.getByRole('button', { name: /^Show the lines of .*shorten/ }).click();
      await expect(page.getByRole('region', { name: /^Lines of/ })).toContainText(
        'added: description',
      );
    },
  },
  {
    name: 'library-rollback-dialog',
    show: async ({ page }) => {
      await button(page, 'Roll back to this version').click();
      await expect(page.getByRole('dialog')).toBeVisible();
      return escape(page);
    },
  },
  {
    name: 'library-trash',
    show: async ({ page }) => {
      await show(page, '', 'trash');
      await expect(list(page, 'Trash')).toBeVisible();
    },
  },
];

const trouble: readonly ScreenState[] = [
  {
    name: 'library-held-dialog',
    show: async ({ page, root }) => {
      const work = `${root}/team-work`;
      git(work, 'pull', '-q', '--rebase', 'origin', 'main');
      git(work, 'rm', '-rq', 'prompts/decisions', 'prompts/support', 'knowledge');
      git(work, 'commit', '-q', '-m', 'Less');
      git(work, 'push', '-q', 'origin', 'HEAD');
      await go(page, 'Library');
      await button(page, 'Update').click();
      await button(page, 'Decide about the update').click();
      await expect(page.getByRole('dialog')).toBeVisible();
      return escape(page);
    },
  },
  {
    name: 'library-held',
    show: async ({ page, root }) => {
      await expect(button(page, 'Decide about the update')).toBeVisible();
      return async () => {
        const work = `${root}/team-work`;
        git(work, 'revert', '--no-edit', 'HEAD');
        git(work, 'push', '-q', 'origin', 'HEAD');
        await button(page, 'Update').click();
        await dismiss(page);
      };
    },
  },
  {
    name: 'library-queued',
    show: async ({ app, page, root }) => {
      renameSync(`${root}/team.git`, `${root}/away.git`);
      const file = app.libraryFile(OWN);
      writeFileSync(file, `${readFileSync(file, 'utf8')}\nWritten offline.\n`);
      const engine = await app.engine();
      await engine.stream('library.publish', { message: 'Written offline', paths: [OWN] });
      await expect(row(page, /^Minutes.*queued/i)).toBeVisible();
      return () => Promise.resolve(renameSync(`${root}/away.git`, `${root}/team.git`));
    },
  },
  {
    name: 'library-offline',
    show: async ({ app, page, root }) => {
      const server = await startGitHttp(root);
      const engine = await app.engine();
      await engine.call('library.setRemote', { url: server.url('team.git') });
      await server.close();
      await button(page, 'Update').click();
      await expect(page.getByRole('banner')).toContainText('Library offline');
    },
  },
  {
    name: 'library-access-failing',
    show: async ({ app, page, root, atEnd }) => {
      const server = await startGitHttp(root, {
        meddle: (_request, response) => {
          response.writeHead(401, { 'www-authenticate': 'Basic realm="team"' }).end();
          return true;
        },
      });
      atEnd(() => server.close());
      const engine = await app.engine();
      await engine.call('library.setRemote', { url: server.url('team.git') });
      await button(page, 'Update').click();
      await expect(button(page, 'Give access')).toBeVisible();
    },
  },
  {
    name: 'library-access-dialog',
    show: async ({ page }) => {
      await button(page, 'Give access').click();
      await expect(page.getByRole('dialog', { name: /^Access to/ })).toBeVisible();
      return escape(page);
    },
  },
  {
    name: 'settings-git-sync',
    show: async ({ page }) => {
      await go(page, 'Settings');
      await page.getByRole('link', { name: 'Git sync' }).click();
      await expect(button(page, 'Change access')).toBeVisible();
    },
  },
];

/** A library with a team: what comes, what goes, what waits. */
export const library: Scene = {
  name: 'library',
  prepare,
  states: [...withTheTeam, ...oneItem, ...versions, ...trouble],
};

/** A clone over a slow network. */
export const cloning: Scene = {
  name: 'library-clone',
  prepare: ({ app }) => app.skipFirstStart(),
  states: [
    {
      name: 'library-cloning',
      show: async ({ page, root, atEnd }) => {
        const team = startTeam(root);
        team.commit({ 'knowledge/carrel-guide/scan.bin': randomBytes(4_000_000) }, 'A large file');
        const server = await startGitHttp(root);
        const proxy = await startHeldProxy(1_300_000);
        atEnd(async () => {
          await proxy.close();
          await server.close();
        });
        await go(page, 'Library');
        await page
          .getByRole('textbox', { name: 'Clone a URL' })
          .fill(proxy.url(server.url('team.git')));
        await button(page, 'Clone').click();
        await expect(page.getByText(/\d (?:KB|MB)/)).toBeVisible();
        return () => button(page, 'Cancel').click();
      },
    },
    {
      name: 'library-trust-host',
      show: async ({ page, root, atEnd }) => {
        const sshd = await startSshd(root);
        atEnd(() => sshd.close());
        await page.getByRole('textbox', { name: 'Clone a URL' }).fill(sshd.url(`${root}/team.git`));
        await button(page, 'Clone').click();
        await button(page, 'Check the host').click();
        await expect(page.getByRole('dialog')).toContainText('SHA256:');
        return escape(page);
      },
    },
  ],
};
