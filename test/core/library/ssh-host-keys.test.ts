import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SshAccess } from '../../../src-main/core/library/remote-access.ts';
import { trustHost } from '../../../src-main/core/library/ssh/trust-host.ts';
import { access, GitClient, idle } from '../../helpers/git-client.ts';
import { TeamRepo, tempDir } from '../../helpers/git-repo.ts';
import { makeKey, startSshd, type Sshd } from '../../helpers/sshd.ts';

let temp: ReturnType<typeof tempDir>;
let sshd: Sshd;
let team: TeamRepo;
let client: GitClient;
let tip: string;
let known: string;
let original: string;
let other: string;

beforeAll(async () => {
  temp = tempDir();
  sshd = await startSshd(temp.path, { hostKeys: ['ed25519', 'rsa', 'ecdsa'] });
  team = new TeamRepo(temp.path);
  tip = team.commit({ 'a.md': 'one' });
  client = await GitClient.create(temp.path);
  known = join(sshd.home, 'known_hosts');
  original = readFileSync(known, 'utf8');
  other = publicKey(makeKey(join(temp.path, 'other')));
});
afterAll(async () => {
  client.fsck();
  await sshd.close();
  temp.remove();
});
beforeEach(() => writeFileSync(known, ''));
afterEach(() => rmSync(own(), { force: true }));

const own = (): string => sshd.access().knownHosts;
const name = (): string => `[127.0.0.1]:${sshd.port}`;

const logins = (): number => sshd.log().match(/Accepted publickey/g)?.length ?? 0;

function publicKey(file: string): string {
  return readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
}

function fetched(given: Partial<SshAccess> = {}): Promise<string> {
  return GitClient.over(sshd.url(team.bare), access({ ssh: sshd.access(given) }), (transport) =>
    client.fetch(transport),
  );
}

/** `SHA256:…` as ssh-keygen tells it. */
function fingerprint(type: 'ed25519' | 'rsa' | 'ecdsa'): string {
  const file = join(temp.path, 'sshd', `host_${type}.pub`);
  return execFileSync('ssh-keygen', ['-l', '-f', file], { encoding: 'utf8' }).split(' ')[1] ?? '';
}

describe('a host that is known', () => {
  test.each([
    ['by every kind of its keys', () => original],
    ['by its RSA key only', () => `${name()} ${sshd.hostKey('rsa')}\n`],
    ['by its ECDSA key only', () => `${name()} ${sshd.hostKey('ecdsa')}\n`],
    ['by a pattern', () => `[127.*]:*,!example ${sshd.hostKey('ed25519')}\n`],
    ['by one of two keys', () => `${name()} ${other}\n${original}`],
  ])('%s', async (_how, text) => {
    writeFileSync(known, text());
    expect(await fetched()).toBe(tip);
    expect(existsSync(own())).toBe(false);
  });

  test('by a hash of its name, as ssh-keygen makes it', async () => {
    writeFileSync(known, original);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', known], { stdio: 'ignore' });
    expect(readFileSync(known, 'utf8')).not.toContain('127.0.0.1');
    expect(await fetched()).toBe(tip);
  });
});

describe('a host that is not known', () => {
  test('is told with its fingerprint, trusted by it, and known from then on', async () => {
    const shown = {
      host: '127.0.0.1',
      port: sshd.port,
      keyType: 'ssh-ed25519',
      fingerprint: fingerprint('ed25519'),
    };
    const before = logins();
    await expect(fetched()).rejects.toMatchObject({
      code: 'library/host-unknown',
      action: 'trust-host',
      data: shown,
    });
    expect(logins()).toBe(before);
    expect(existsSync(own())).toBe(false);
    await trustHost({ ...shown, ssh: sshd.access() }, idle.signal);
    expect(readFileSync(own(), 'utf8')).toBe(`${name()} ${sshd.hostKey('ed25519')}\n`);
    expect(statSync(own()).mode & 0o777).toBe(0o600);
    expect(await fetched()).toBe(tip);
    // The person's own file is theirs.
    expect(readFileSync(known, 'utf8')).toBe('');
    const found = execFileSync('ssh-keygen', ['-F', name(), '-f', own()], { encoding: 'utf8' });
    expect(found).toContain('found: line 1');
  });

  test('another fingerprint than the confirmed one is not written down', async () => {
    const confirmed = { host: '127.0.0.1', port: sshd.port, fingerprint: fingerprint('rsa') };
    await expect(
      trustHost({ ...confirmed, ssh: sshd.access() }, idle.signal),
    ).rejects.toMatchObject({ code: 'library/host-changed' });
    expect(existsSync(own())).toBe(false);
  });

  test('what is in the list stays, and a host is not written twice', async () => {
    writeFileSync(own(), `elsewhere.example ${other}`);
    const confirmed = { host: '127.0.0.1', port: sshd.port, fingerprint: fingerprint('ed25519') };
    await trustHost({ ...confirmed, ssh: sshd.access() }, idle.signal);
    await trustHost({ ...confirmed, ssh: sshd.access() }, idle.signal);
    expect(readFileSync(own(), 'utf8')).toBe(
      `elsewhere.example ${other}\n${name()} ${sshd.hostKey('ed25519')}\n`,
    );
  });

  test('a list that can not be read stops all, for it could hold a revoked key', async () => {
    const folder = join(temp.path, 'as-a-folder');
    mkdirSync(join(folder, 'known_hosts'), { recursive: true });
    await expect(fetched({ userDir: folder })).rejects.toMatchObject({
      code: 'library/known-hosts-not-read',
    });
  });
});

describe('a host with another key than the known one', () => {
  test.each([
    ['of the same kind', (): string => `${name()} ${other}\n`],
    ['in our own list', (): string => `${name()} ${other}\n`],
  ])('%s is refused, without a button', async (where, text) => {
    writeFileSync(where === 'in our own list' ? own() : known, text());
    const error: unknown = await fetched().catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'library/host-changed',
      action: undefined,
      remedy: expect.stringContaining('line 1 of ') as string,
      data: { host: '127.0.0.1', port: sshd.port, fingerprint: fingerprint('ed25519') },
    });
    const confirmed = { host: '127.0.0.1', port: sshd.port, fingerprint: fingerprint('ed25519') };
    await expect(
      trustHost({ ...confirmed, ssh: sshd.access() }, idle.signal),
    ).rejects.toMatchObject({ code: 'library/host-changed' });
  });

  test('of a kind that it does not show any more is refused, too', async () => {
    const elsewhere = tempDir();
    const rsaOnly = await startSshd(elsewhere.path, { hostKeys: ['rsa'] });
    try {
      const list = join(rsaOnly.home, 'known_hosts');
      const at = `[127.0.0.1]:${rsaOnly.port}`;
      const run = (): Promise<string> =>
        GitClient.over(rsaOnly.url(team.bare), access({ ssh: rsaOnly.access() }), (transport) =>
          client.fetch(transport),
        );
      expect(await run()).toBe(tip);
      writeFileSync(list, `${at} ${other}\n`);
      await expect(run()).rejects.toMatchObject({ code: 'library/host-changed' });
      writeFileSync(list, '');
      await expect(run()).rejects.toMatchObject({
        code: 'library/host-unknown',
        data: { keyType: 'ssh-rsa' },
      });
    } finally {
      await rsaOnly.close();
      elsewhere.remove();
    }
  });
});

test('a revoked key is refused, also where it is known, and can not be trusted again', async () => {
  for (const text of [original, '']) {
    writeFileSync(known, `${text}@revoked * ${sshd.hostKey('ed25519')}\n`);
    const error: unknown = await fetched().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'library/host-revoked', action: undefined });
    const confirmed = { host: '127.0.0.1', port: sshd.port, fingerprint: fingerprint('ed25519') };
    await expect(
      trustHost({ ...confirmed, ssh: sshd.access() }, idle.signal),
    ).rejects.toMatchObject({ code: 'library/host-revoked' });
  }
  expect(existsSync(own())).toBe(false);
});
