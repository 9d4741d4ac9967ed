import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SshAccess } from '../../../src-main/core/library/remote-access.ts';
import type { Transport } from '../../../src-main/core/library/git/transports/transport.ts';
import { access, GitClient, refsOf } from '../../helpers/git-client.ts';
import { TeamRepo, tempDir } from '../../helpers/git-repo.ts';
import { cuttingProxy, makeKey, sshProgram, startSshd, type Sshd } from '../../helpers/sshd.ts';

let temp: ReturnType<typeof tempDir>;
let sshd: Sshd;
let team: TeamRepo;
let client: GitClient;
let count = 0;
const path = process.env['PATH'];

beforeAll(async () => {
  temp = tempDir();
  sshd = await startSshd(temp.path);
  process.env['PATH'] = sshProgram(sshd, temp.path);
  team = new TeamRepo(temp.path);
  team.commit({ 'a.md': 'one' });
  client = await GitClient.create(temp.path);
});
afterAll(async () => {
  process.env['PATH'] = path;
  client.fsck();
  await sshd.close();
  temp.remove();
});

interface How {
  readonly url?: string;
  readonly given?: Partial<SshAccess>;
}

function over<T>(use: (transport: Transport) => Promise<T>, how: How = {}): Promise<T> {
  const { url = sshd.url(team.bare), given = {} } = how;
  return GitClient.over(url, access({ ssh: sshd.access(given) }), use);
}

describe('a server that is not ready for Git', () => {
  /** A key that is let in for one command only, as `authorized_keys` can say. */
  function limited(options: string): How {
    const file = makeKey(join(temp.path, `limited-${(count += 1)}`));
    sshd.authorize(readFileSync(`${file}.pub`, 'utf8'), options);
    return { given: { keyFile: file } };
  }

  test.each([
    [
      'no git',
      'env PATH=/nonexistent /bin/sh -c \\"$SSH_ORIGINAL_COMMAND\\"',
      'library/no-git-on-server',
    ],
    [
      'a greeting',
      'echo Welcome to the team; exec /bin/sh -c \\"$SSH_ORIGINAL_COMMAND\\"',
      'library/ssh-banner',
    ],
    ['no login', 'echo This account is not available.; exit 1', 'library/ssh-banner'],
    [
      'a forge that knows no such repository',
      'echo ERROR: Repository not found. >&2; exit 1',
      'library/remote-not-found',
    ],
    [
      'a forge that denies',
      'echo ERROR: Permission to a/b.git denied to c. >&2; exit 1',
      'library/access-denied',
    ],
    [
      'a repository of somebody else',
      "echo fatal: detected dubious ownership in repository at 'x' >&2; exit 128",
      'library/unsafe-repository',
    ],
    ['a server in trouble', 'echo the disk is full >&2; exit 1', 'library/remote-refused'],
  ])('%s', async (_what, command, code) => {
    const how = limited(`command="${command}"`);
    await expect(over((transport) => client.fetch(transport), how)).rejects.toMatchObject({ code });
    expect(refsOf(client.gitdir)).toBe('');
  });
});

describe.each(['built-in', 'system'] as const)('with the %s program', (program) => {
  const given = { program };

  test('a path with no repository', async () => {
    const url = sshd.url(`${temp.path}/nothing.git`);
    await expect(
      over((transport) => client.fetch(transport), { url, given }),
    ).rejects.toMatchObject({ code: 'library/remote-not-found', data: { url } });
  });

  test('nobody listens', async () => {
    const gone = await cuttingProxy(sshd.port, () => Infinity);
    gone.close();
    const url = sshd.url(team.bare, gone.port);
    await expect(
      over((transport) => client.fetch(transport), { url, given }),
    ).rejects.toMatchObject({ code: 'library/offline', action: 'retry' });
  });
});

describe('with the system program', () => {
  const system = (given: Partial<SshAccess>, url = sshd.url(team.bare)): Promise<string> =>
    over((transport) => client.fetch(transport), { url, given: { program: 'system', ...given } });

  test('a host that it does not know is for the person to confirm in a terminal', async () => {
    const proxy = await cuttingProxy(sshd.port, () => Infinity);
    const error: unknown = await system({}, sshd.url(team.bare, proxy.port)).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({
      code: 'library/host-unknown',
      action: undefined,
      remedy: expect.stringContaining('in a terminal') as string,
    });
    proxy.close();
  });

  test('a program that is not there', async () => {
    const found = process.env['PATH'];
    process.env['PATH'] = join(temp.path, 'nothing-here');
    await expect(system({})).rejects.toMatchObject({ code: 'library/ssh-program-missing' });
    process.env['PATH'] = found;
  });

  test('a user who is not let in', async () => {
    const url = sshd.url(team.bare).replace(`${sshd.user}@`, 'nobody-of-that-name@');
    await expect(system({}, url)).rejects.toMatchObject({
      code: 'library/access-denied',
      action: 'give-access',
    });
  });
});
