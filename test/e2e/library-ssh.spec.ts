import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '../helpers/browser-app.ts';
import { fixtureLibrary } from '../helpers/git-fixture-library.ts';
import { TeamRepo } from '../helpers/git-repo.ts';
import { startSshd } from '../helpers/sshd.ts';
import { button, go } from './desk.ts';
import { items, onDisk } from './library-desk.ts';

test('a host of SSH is met, its key compared, a key file given; then the library is here', async ({
  app,
  desk,
}) => {
  const root = mkdtempSync(join(tmpdir(), 'carrel-team-'));
  const sshd = await startSshd(root);
  try {
    const team = new TeamRepo(root);
    team.commit(fixtureLibrary, 'First version');
    await go(desk, 'Library');
    await desk.getByRole('textbox', { name: 'Clone a URL' }).fill(sshd.url(team.bare));
    await button(desk, 'Clone').click();

    await button(desk, 'Check the host').click();
    const host = desk.getByRole('dialog', { name: /^Is this the key of 127\.0\.0\.1\?$/ });
    await expect(host).toContainText(`127.0.0.1, port ${sshd.port}`);
    await expect(host).toContainText('ssh-ed25519');
    await expect(host).toContainText(fingerprintOf(root, sshd.hostKey()));
    await expect(button(host, 'Do not trust it')).toBeFocused();
    await button(host, 'It is the same: trust this host').click();

    await button(desk, 'Give access').click();
    const access = desk.getByRole('dialog', { name: /^Access to 127\.0\.0\.1/ });
    await access.getByRole('textbox', { name: 'Key file' }).fill(join(sshd.home, 'id_ed25519'));
    await button(access, 'Save and try again').click();
    await expect(items(desk)).toBeVisible();
    expect(onDisk(app, 'README.md')).toBe(fixtureLibrary['README.md']);

    await go(desk, 'Settings');
    await desk.getByRole('link', { name: 'Git sync' }).click();
    await expect(desk.getByText(`the key ${join(sshd.home, 'id_ed25519')}`)).toBeVisible();
  } finally {
    await sshd.close();
    rmSync(root, { recursive: true, force: true });
  }
});

/** As the owner of the server would read it: by OpenSSH's own program. */
function fingerprintOf(root: string, key: string): string {
  const file = join(root, 'host-key.pub');
  writeFileSync(file, `${key}\n`);
  const said = execFileSync('ssh-keygen', ['-lf', file], { encoding: 'utf8' });
  return said.split(' ')[1] ?? '';
}
