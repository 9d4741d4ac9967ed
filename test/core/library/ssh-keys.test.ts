import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../src-contract/app-error.ts';
import type { SshAccess } from '../../../src-main/core/library/remote-access.ts';
import { publicPart } from '../../../src-main/core/library/ssh/public-part.ts';
import { access, GitClient } from '../../helpers/git-client.ts';
import { TeamRepo, tempDir } from '../../helpers/git-repo.ts';
import { makeKey, startAgent, startSshd, type Sshd } from '../../helpers/sshd.ts';

const SECRET = 'c4n4ry-passphrase';

let temp: ReturnType<typeof tempDir>;
let sshd: Sshd;
let team: TeamRepo;
let client: GitClient;
let tip: string;
let userDir: string;
let keys: string;
const agents: { close: () => void }[] = [];

beforeAll(async () => {
  temp = tempDir();
  sshd = await startSshd(temp.path, { config: ['MaxAuthTries 6'] });
  team = new TeamRepo(temp.path);
  tip = team.commit({ 'a.md': 'one' });
  client = await GitClient.create(temp.path);
  keys = join(temp.path, 'keys');
  mkdirSync(keys);
});
afterAll(async () => {
  client.fsck();
  await sshd.close();
  temp.remove();
});
afterEach(() => {
  for (const agent of agents.splice(0)) agent.close();
});
/** A person without any key, who knows the server. */
beforeEach(() => {
  userDir = join(temp.path, 'person');
  rmSync(userDir, { recursive: true, force: true });
  mkdirSync(userDir);
  copyFileSync(join(sshd.home, 'known_hosts'), join(userDir, 'known_hosts'));
});

function fetched(given: Partial<SshAccess>): Promise<string> {
  const ssh = sshd.access({ userDir, ...given });
  return GitClient.over(sshd.url(team.bare), access({ ssh }), (transport) =>
    client.fetch(transport),
  );
}

async function refused(given: Partial<SshAccess>): Promise<AppError> {
  const error: unknown = await fetched(given).catch((reason: unknown) => reason);
  if (!(error instanceof AppError)) throw new Error('no error of ours', { cause: error });
  const all = JSON.stringify([error.toShape(), String(error.cause), error.stack]);
  expect(all).not.toContain(SECRET);
  return error;
}

function allowed(name: string, options: Parameters<typeof makeKey>[1] = {}): string {
  const file = makeKey(join(keys, name), options);
  sshd.authorize(readFileSync(`${file}.pub`, 'utf8'));
  return file;
}

describe('a key file', () => {
  test.each([
    ['ed25519', { type: 'ed25519' }],
    ['rsa', { type: 'rsa' }],
    ['ecdsa', { type: 'ecdsa' }],
    ['rsa-pem', { type: 'rsa', pem: true }],
    ['ed25519-locked', { type: 'ed25519', passphrase: SECRET }],
    ['rsa-locked', { type: 'rsa', passphrase: SECRET }],
    ['rsa-pem-locked', { type: 'rsa', pem: true, passphrase: SECRET }],
  ] as const)('%s lets in', async (name, options) => {
    const keyFile = allowed(name, options);
    const passphrase = 'passphrase' in options ? options.passphrase : null;
    expect(await fetched({ keyFile, passphrase })).toBe(tip);
    if (passphrase === null) return;
    const missing = await refused({ keyFile });
    expect(missing).toMatchObject({
      code: 'library/ssh-key-needs-passphrase',
      action: 'give-access',
      data: { keyFile },
    });
    const wrong = await refused({ keyFile, passphrase: `${SECRET}?` });
    expect(wrong.code).toBe('library/ssh-key-needs-passphrase');
    expect(wrong.message).toContain('does not open');
  });

  test('that is not one is told apart', async () => {
    const file = join(keys, 'odd');
    const pkcs8 = generateKeyPairSync('ed25519').privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    });
    for (const [text, why] of [
      ['hello', 'its form is not known'],
      [pkcs8, 'its form is not known'],
      [readFileSync(`${makeKey(join(keys, 'half'))}.pub`, 'utf8'), 'it is a public key'],
      ['x'.repeat(100_000), 'it is too large for a key'],
    ] as const) {
      writeFileSync(file, text);
      expect(await refused({ keyFile: file, passphrase: SECRET })).toMatchObject({
        code: 'library/ssh-key-not-read',
        message: expect.stringContaining(why) as string,
        action: 'give-access',
      });
    }
    rmSync(file);
    expect((await refused({ keyFile: file })).message).toContain('there is no such file');
  });

  test('that the server does not know is named, and no other is tried', async () => {
    const keyFile = makeKey(join(keys, 'stranger'));
    copyFileSync(join(sshd.home, 'id_ed25519'), join(userDir, 'id_ed25519'));
    const error = await refused({ keyFile });
    expect(error).toMatchObject({
      code: 'library/access-denied',
      action: 'give-access',
      data: { tried: [keyFile] },
    });
    expect(error.remedy).toContain(keyFile);
  });
});

describe('without a chosen key', () => {
  test('the usual files are tried, one that is locked is passed over', async () => {
    makeKey(join(userDir, 'id_ed25519'), { passphrase: SECRET });
    makeKey(join(userDir, 'id_ecdsa'), { type: 'ecdsa' });
    const rsa = allowed('usual-rsa', { type: 'rsa' });
    copyFileSync(rsa, join(userDir, 'id_rsa'));
    expect(await fetched({})).toBe(tip);
    rmSync(join(userDir, 'id_rsa'));
    expect(await refused({})).toMatchObject({
      code: 'library/ssh-key-needs-passphrase',
      data: { keyFile: join(userDir, 'id_ed25519') },
    });
  });

  test('and without any it is said so', async () => {
    const error = await refused({});
    expect(error).toMatchObject({ code: 'library/access-denied', action: 'give-access' });
    expect(error.remedy).toContain('There was no key to try.');
  });
});

describe('the agent', () => {
  test('lets in with what it holds, also for a locked file', async () => {
    const plain = allowed('agent-plain', { type: 'rsa' });
    const locked = allowed('agent-locked');
    const agent = join(temp.path, 'agent.sock');
    agents.push(await startAgent(agent, plain, locked));
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', SECRET, '-f', locked]);
    expect(await fetched({ agent })).toBe(tip);
    // Only the chosen key is asked of it, without its passphrase, with or without the public file.
    expect(await fetched({ agent, keyFile: locked })).toBe(tip);
    rmSync(`${locked}.pub`);
    expect(await fetched({ agent, keyFile: locked })).toBe(tip);
    expect(
      sshd
        .log()
        .trimEnd()
        .split('\n')
        .findLast((line) => line.includes('Accepted')),
    ).toContain('ED25519');
  });

  test('its other keys are not shown to a server that a key was chosen for', async () => {
    const known = allowed('agent-known');
    const chosen = makeKey(join(keys, 'chosen'), { passphrase: SECRET });
    const agent = join(temp.path, 'agent2.sock');
    agents.push(await startAgent(agent, known));
    const error = await refused({ agent, keyFile: chosen, passphrase: SECRET });
    expect(error).toMatchObject({ code: 'library/access-denied', data: { tried: [chosen] } });
  });

  test('that does not run, or holds nothing, is one way less', async () => {
    copyFileSync(join(sshd.home, 'id_ed25519'), join(userDir, 'id_ed25519'));
    expect(await fetched({ agent: join(temp.path, 'nobody.sock') })).toBe(tip);
    rmSync(join(userDir, 'id_ed25519'));
    const error = await refused({ agent: join(temp.path, 'nobody.sock') });
    expect(error.remedy).toContain('the SSH agent (it does not answer)');
    const agent = join(temp.path, 'empty.sock');
    agents.push(await startAgent(agent));
    expect((await refused({ agent })).remedy).toContain('it holds no key');
  });

  test('that holds too many keys is told', async () => {
    const many = Array.from({ length: 7 }, (_, n) => makeKey(join(keys, `many-${n}`)));
    const agent = join(temp.path, 'many.sock');
    agents.push(await startAgent(agent, ...many));
    expect(await refused({ agent })).toMatchObject({
      code: 'library/access-denied',
      data: { tried: ['the SSH agent (7 keys)', 'more keys than it hears'] },
    });
  });
});

test('the public part is found without the passphrase', () => {
  for (const type of ['ed25519', 'rsa', 'ecdsa'] as const) {
    const file = makeKey(join(keys, `part-${type}`), { type, passphrase: SECRET });
    const wanted = Buffer.from(readFileSync(`${file}.pub`, 'utf8').split(' ')[1] ?? '', 'base64');
    expect(publicPart(file)).toEqual(wanted);
    rmSync(`${file}.pub`);
    expect(publicPart(file)).toEqual(wanted);
  }
  const broken = join(keys, 'broken');
  writeFileSync(broken, '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END');
  expect(publicPart(broken)).toBeNull();
  expect(publicPart(join(keys, 'nowhere'))).toBeNull();
});
