import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src-contract/default-settings.ts';
import { libraryPlaceHealth } from '../../../src-main/core/library/library-place-health.ts';
import { networkNow, thisMachine } from '../../../src-main/core/library/machine.ts';
import type { RemoteSecrets, StoredAccess } from '../../../src-main/core/library/ports.ts';
import { parseRemote } from '../../../src-main/core/library/remote-url.ts';
import { RemoteDoor } from '../../../src-main/core/library/service/access.ts';
import { authorOf } from '../../../src-main/core/library/service/author.ts';
import type { LibraryDeps } from '../../../src-main/core/library/service/deps.ts';
import { StoredSecrets } from '../../../src-main/core/library/stored-secrets.ts';
import { syncToolOf } from '../../../src-main/core/library/synced-folder.ts';
import { tempDir } from '../../helpers/git-repo.ts';
import { open, vaultDeps } from '../vault/vault.helper.ts';

const machine = {
  username: 'ada',
  hostname: 'desk.invalid',
  sshDir: '/home/ada/.ssh',
  sshAgent: '/run/agent',
};

function doorOver(secrets: RemoteSecrets | null): RemoteDoor {
  const deps: Pick<LibraryDeps, 'secrets' | 'machine' | 'knownHosts' | 'settings'> = {
    secrets,
    machine,
    knownHosts: '/w/known_hosts',
    settings: () => DEFAULT_SETTINGS,
  };
  return new RemoteDoor(deps as LibraryDeps);
}

const https = 'https://git.example.invalid/team/library.git';
const password = { kind: 'password', username: 'ada', password: 't0ken' } as const;
const ssh = {
  kind: 'ssh',
  keyFile: '/keys/id_ed25519',
  passphrase: 'p4ss',
  program: 'built-in',
} as const;

describe('how a remote is entered', () => {
  test('is kept in the vault by its host, and given to jobs of that host alone', async () => {
    const vault = await open(vaultDeps());
    await doorOver(new StoredSecrets(vault.db)).keep(https, password);
    const later = doorOver(new StoredSecrets(vault.db));
    const sameHost = 'https://git.example.invalid/other.git';
    expect((await later.ofUrl(sameHost)).credentials).toEqual({
      username: 'ada',
      password: 't0ken',
    });
    for (const other of [
      'https://git.example.invalid:8443/team/library.git',
      'https://example.invalid/team/library.git',
      'ssh://git@git.example.invalid/team.git',
      '/srv/team.git',
    ]) {
      expect((await later.ofUrl(other)).credentials, other).toBeNull();
    }
    expect(await later.show(https)).toEqual({
      kind: 'password',
      username: 'ada',
      keyFile: null,
      program: 'built-in',
      hasSecret: true,
    });
    await later.keep(https, { kind: 'none' });
    expect(await doorOver(new StoredSecrets(vault.db)).show(https)).toMatchObject({
      kind: 'none',
      hasSecret: false,
    });
  });

  test('over SSH: a key and its passphrase by host and port; agent and known hosts of this machine', async () => {
    const vault = await open(vaultDeps());
    const door = doorOver(new StoredSecrets(vault.db));
    await door.keep('git@git.example.invalid:team.git', ssh);
    const always = {
      agent: '/run/agent',
      userDir: '/home/ada/.ssh',
      knownHosts: '/w/known_hosts',
    };
    expect((await door.ofUrl('ssh://git@git.example.invalid:22/else.git')).ssh).toEqual({
      keyFile: '/keys/id_ed25519',
      passphrase: 'p4ss',
      program: 'built-in',
      ...always,
    });
    expect((await door.ofUrl('ssh://git@git.example.invalid:2222/team.git')).ssh).toEqual({
      keyFile: null,
      passphrase: null,
      program: 'built-in',
      ...always,
    });
    const shown = await door.show('ssh://git.example.invalid/team.git');
    expect(shown).toEqual({
      kind: 'ssh',
      username: null,
      keyFile: '/keys/id_ed25519',
      program: 'built-in',
      hasSecret: true,
    });
    expect(JSON.stringify(shown)).not.toContain('p4ss');
  });

  test('a passphrase that is not given stays with its key, and with no other', async () => {
    const door = doorOver(null);
    const url = 'ssh://git@git.example.invalid/team.git';
    const passphrase = async () => (await door.ofUrl(url)).ssh.passphrase;
    const { passphrase: _, ...again } = ssh;
    await door.keep(url, ssh);
    await door.keep(url, { ...again, program: 'system' });
    expect(await passphrase()).toBe('p4ss');
    await door.keep(url, { ...ssh, passphrase: null });
    expect(await passphrase()).toBeNull();
    await door.keep(url, ssh);
    await door.keep(url, { ...again, keyFile: '/keys/other' });
    expect(await passphrase()).toBeNull();
  });

  test('what an older Carrel kept is still known', async () => {
    const vault = await open(vaultDeps());
    const old = JSON.stringify({ username: 'ada', password: 'old' });
    vault.db
      .prepare('INSERT INTO kv (key, value) VALUES (?, ?)')
      .run('library.credentials:https://git.example.invalid', Buffer.from(old));
    expect((await doorOver(new StoredSecrets(vault.db)).ofUrl(https)).credentials).toEqual({
      username: 'ada',
      password: 'old',
    });
  });

  test('without a vault it lasts as long as the engine', async () => {
    const door = doorOver(null);
    await door.keep(https, password);
    expect((await door.ofUrl(https)).credentials).toMatchObject({ password: 't0ken' });
    expect((await doorOver(null).ofUrl(https)).credentials).toBeNull();
  });

  test('credentials of an address win, and are kept only when asked to', async () => {
    const kept: [string, StoredAccess][] = [];
    const door = doorOver({
      get: async () => null,
      put: async (host, access) => void kept.push([host, access]),
      remove: async () => undefined,
    });
    const remote = parseRemote('https://bob:n3w@git.example.invalid/team.git');
    expect((await door.of(remote)).credentials).toEqual({ username: 'bob', password: 'n3w' });
    expect(kept).toEqual([]);
    await door.keepGiven(remote);
    expect(kept).toEqual([
      ['https://git.example.invalid', { kind: 'password', username: 'bob', password: 'n3w' }],
    ]);
  });

  test.each([
    ['/srv/team.git', password, 'library/access-mismatch'],
    ['ssh://git@host.invalid/a.git', password, 'library/access-mismatch'],
    [https, ssh, 'library/access-mismatch'],
    ['ssh://git@host.invalid/a.git', { ...ssh, keyFile: 'id_ed25519' }, 'library/bad-key-file'],
    ['ftp://host.invalid/a.git', password, 'library/bad-url'],
  ])('%s with %j is %s', async (url, access, code) => {
    await expect(doorOver(null).keep(url, access)).rejects.toMatchObject({
      code,
      remedy: expect.stringMatching(/\S/),
    });
  });
});

describe('who a version is by', () => {
  const nobody = DEFAULT_SETTINGS;

  test('the account, unless settings say otherwise', () => {
    expect(authorOf(nobody, machine)).toEqual({ name: 'ada', email: 'ada@desk.invalid' });
    const named = {
      ...nobody,
      'library.authorName': ' Ada  Lovelace ',
      'library.authorEmail': 'ada@example.invalid',
    };
    expect(authorOf(named, machine)).toEqual({
      name: 'Ada Lovelace',
      email: 'ada@example.invalid',
    });
    const bare = { ...machine, username: '', hostname: '' };
    expect(authorOf(nobody, bare)).toEqual({ name: 'Carrel', email: 'carrel@localhost' });
  });

  test('never breaks out of its line, whatever it is made of', () => {
    const text = fc.string({ unit: 'binary', maxLength: 80 });
    fc.assert(
      fc.property(text, text, text, text, (name, email, username, hostname) => {
        const settings = {
          ...nobody,
          'library.authorName': name,
          'library.authorEmail': email,
        };
        const author = authorOf(settings, { ...machine, username, hostname });
        for (const part of [author.name, author.email]) {
          expect(part).not.toMatch(/[\p{Cc}<>]/u);
          expect(part.trim()).not.toBe('');
        }
        expect(author.email).not.toContain(' ');
      }),
    );
  });

  test('this machine has an account, a name and a network', () => {
    const here = thisMachine({ SSH_AUTH_SOCK: '/run/a' }, 'linux');
    expect(here).toMatchObject({ sshAgent: '/run/a', username: expect.stringMatching(/\S/) });
    expect(thisMachine({}, 'linux').sshAgent).toBeNull();
    expect(thisMachine({}, 'win32').sshAgent).toContain('openssh-ssh-agent');
    expect(networkNow()).toBe(networkNow());
  });
});

describe('folders that other tools synchronise', () => {
  test.each([
    ['Dropbox', '/home/ada/Dropbox/team.git', null],
    ['Dropbox', '/home/ada/Dropbox (Team)/team.git', null],
    ['OneDrive', '/Users/ada/OneDrive - Example/x', null],
    ['iCloud', '/Users/ada/Library/Mobile Documents/com~apple~CloudDocs/x', null],
    ['Google Drive', '/Users/ada/Library/CloudStorage/GoogleDrive-ada/My Drive', null],
    ['Syncthing', 'shared/deep/team.git', 'shared/.stfolder'],
    ['Nextcloud', 'cloud/team.git', 'cloud/.sync_0123abcd.db'],
    ['Nextcloud', 'cloud/team.git', 'cloud/._sync_0123abcd.db'],
    [null, 'plain/team.git', null],
    [null, 'plain/team.git', 'beside/.stfolder'],
    [null, '/home/ada/NotDropbox/team.git', null],
  ])('%s: %s with %s', async (tool, path, mark) => {
    const { path: root, remove } = tempDir();
    onTestFinished(remove);
    if (mark !== null) {
      mkdirSync(join(root, mark, '..'), { recursive: true });
      if (mark.endsWith('.stfolder')) mkdirSync(join(root, mark));
      else writeFileSync(join(root, mark), '');
    }
    expect(await syncToolOf(path.startsWith('/') ? path : join(root, path))).toBe(tool);
  });

  test('Health warns where the library or its remote lies in one, and says why', async () => {
    const { path: root, remove } = tempDir();
    onTestFinished(remove);
    mkdirSync(join(root, 'shared', '.stfolder'), { recursive: true });
    const checks = (url: string | null, library: string) =>
      libraryPlaceHealth(
        { start: async () => undefined, remote: { url, queued: 0, last: null } },
        { library: join(root, library) },
      ).checks();
    expect(await checks('https://host.invalid/a.git', 'own/library')).toEqual([]);
    expect(await checks(join(root, 'own.git'), 'own/library')).toEqual([]);
    expect(await checks(join(root, 'shared', 'team.git'), 'own/library')).toMatchObject([
      { state: 'warn', value: 'Syncthing', message: expect.stringContaining('remote') },
    ]);
    expect(await checks(null, 'shared/carrel/library')).toMatchObject([
      { state: 'warn', value: 'Syncthing', remedy: expect.stringContaining('data folder') },
    ]);
  });
});
