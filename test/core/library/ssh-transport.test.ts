import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SshAccess } from '../../../src-main/core/library/remote-access.ts';
import type {
  Transport,
  TransportOptions,
} from '../../../src-main/core/library/git/transports/transport.ts';
import { access, fsckRepo, GitClient, refsOf } from '../../helpers/git-client.ts';
import { git, TeamRepo, tempDir } from '../../helpers/git-repo.ts';
import { cuttingProxy, makeKey, startSshd, type Proxy, type Sshd } from '../../helpers/sshd.ts';

let host: ReturnType<typeof tempDir>;
let sshd: Sshd;
let temp: ReturnType<typeof tempDir>;
let team: TeamRepo;
let client: GitClient;
let proxy: Proxy | null;

beforeAll(async () => {
  host = tempDir();
  sshd = await startSshd(host.path);
});
afterAll(async () => {
  await sshd.close();
  host.remove();
});
beforeEach(async () => {
  temp = tempDir();
  team = new TeamRepo(temp.path);
  client = await GitClient.create(temp.path);
  proxy = null;
});
afterEach(() => {
  proxy?.close();
  client.fsck();
  fsckRepo(team.bare);
  temp.remove();
});

function over<T>(
  use: (transport: Transport) => Promise<T>,
  given: Partial<SshAccess> = {},
  url = sshd.url(team.bare),
  options?: TransportOptions,
): Promise<T> {
  return GitClient.over(url, access({ ssh: sshd.access(given) }), use, options);
}

describe.each(['built-in', 'system'] as const)('with the %s program', (program) => {
  // The ssh program reads its own known hosts; this one is told by its configuration file.
  test('fetch, push, the next push, and a rejection that a fetch heals', async () => {
    const first = team.commit({ 'a.md': 'one' });
    await over(
      async (transport) => {
        expect(await client.fetch(transport)).toBe(first);
        const mine = client.commit('b.md', 'two');
        await client.push(transport);
        expect(git(team.bare, 'rev-parse', 'main')).toBe(mine);
      },
      { program },
    );
  });
});
