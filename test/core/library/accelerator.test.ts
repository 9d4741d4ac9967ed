import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAccelerator } from '../../../src-main/core/library/git/accelerator.ts';
import { walkNewPart } from '../../../src-main/core/library/git/connectivity.ts';
import { fetchTip, remoteTip } from '../../../src-main/core/library/git/fetch-tip.ts';
import type { TransportOptions } from '../../../src-main/core/library/git/transports/transport.ts';
import { parseRemote } from '../../../src-main/core/library/remote-url.ts';
import { access, GitClient, idle } from '../../helpers/git-client.ts';
import { startGitHttp, type GitHttpServer, type Meddle } from '../../helpers/git-http-server.ts';
import { git, TeamRepo, tempDir } from '../../helpers/git-repo.ts';

const PATH = process.env['PATH'] ?? '';
const credentials = { username: 'ada', password: 's3cret-t0ken' };
const pair = Buffer.from('ada:s3cret-t0ken').toString('base64');
const on = access({ credentials, accelerator: true });

let temp: ReturnType<typeof tempDir>;
let team: TeamRepo;
let server: GitHttpServer;
let client: GitClient;
let meddle: Meddle;
/** Arguments of each start of `git` by Carrel. */
let started: () => string[];

beforeEach(async () => {
  temp = tempDir();
  team = new TeamRepo(temp.path);
  meddle = (request, response) => {
    if (request.headers.authorization === `Basic ${pair}`) return false;
    response.writeHead(401, { 'www-authenticate': 'Basic realm="team"' }).end();
    return true;
  };
  server = await startGitHttp(temp.path, { meddle: (...both) => meddle(...both) });
  client = await GitClient.create(temp.path);
  noteStarts();
});
afterEach(async () => {
  process.env['PATH'] = PATH;
  await server.close();
  client.fsck();
  temp.remove();
});

/** Puts a `git` in front of the real one that notes how it is started. */
function noteStarts(): void {
  const bin = join(temp.path, 'bin');
  const log = join(temp.path, 'started');
  mkdirSync(bin);
  const real =
    PATH.split(delimiter)
      .map((dir) => join(dir, 'git'))
      .find(existsSync) ?? '';
  writeFileSync(join(bin, 'git'), `#!/bin/sh\necho "$*" >> '${log}'\nexec '${real}' "$@"\n`);
  chmodSync(join(bin, 'git'), 0o755);
  process.env['PATH'] = `${bin}${delimiter}${PATH}`;
  started = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
}

/** Fetches and walks as a job does; the way with an accelerator or without one. */
async function fetch(url: string, how = on, options: TransportOptions = idle): Promise<string> {
  return GitClient.over(
    url,
    how,
    async (transport) => {
      const tip = await remoteTip(client.store, transport, null);
      const trusted = await client.store.resolve('refs/app/trusted');
      await fetchTip(client.store, transport, tip);
      await walkNewPart(client.store, tip.oid, trusted, () => undefined);
      await client.store.moveRef('refs/app/trusted', tip.oid);
      return tip.oid;
    },
    options,
  );
}

function posts(): number {
  return server.requests.filter(({ method }) => method === 'POST').length;
}

test('native git fetches into the untrusted ref, and nothing secret is in its arguments', async () => {
  const bytes: number[] = [];
  for (const round of [1, 2]) {
    const tip = team.commit({ [`${round}.txt`]: `round ${round}` });
    const options = { ...idle, onBytes: (each: number) => bytes.push(each) };
    expect(await fetch(server.url('team.git'), on, options)).toBe(tip);
    expect(await client.store.resolve('refs/remotes/origin/main')).toBe(tip);
  }
  const lines = started();
  expect(lines).toHaveLength(2);
  for (const each of lines) {
    expect(each).toContain(' fetch ');
    expect(each).not.toContain('s3cret');
    expect(each).not.toContain(pair);
  }
  expect(lines[1]).toContain('--negotiation-tip=');
  expect(readFileSync(join(client.gitdir, 'config'), 'utf8')).not.toContain('s3cret');
  expect(readdirSync(join(client.gitdir, 'objects')).toSorted()).toEqual(['info', 'pack']);
});

test('a repository by its path too; SSH and a switch that is off are not for it', async () => {
  const tip = team.commit({ 'a.txt': 'one' });
  expect(await fetch(team.bare)).toBe(tip);
  expect(started().filter((each) => each.includes(' fetch '))).toHaveLength(1);
  const open = (url: string, how = on) => openAccelerator(parseRemote(url), how, idle);
  expect(open('ssh://ada@host.invalid/team.git')).toBe(null);
  expect(open(team.bare, access({ accelerator: false }))).toBe(null);
  expect(open('https://host.invalid/team.git')).not.toBe(null);
});

test('no hook runs, and no configuration of this person counts', async () => {
  const canary = join(temp.path, 'canary');
  const hooks = join(client.gitdir, 'hooks');
  mkdirSync(hooks, { recursive: true });
  for (const hook of ['reference-transaction', 'post-merge', 'pre-auto-gc']) {
    writeFileSync(join(hooks, hook), `#!/bin/sh\ntouch '${canary}'\n`);
    chmodSync(join(hooks, hook), 0o755);
  }
  git(client.gitdir, 'config', 'credential.helper', `!touch ${canary};`);
  git(client.gitdir, 'config', 'core.fsmonitor', `touch ${canary}`);
  writeFileSync(join(temp.path, '.gitconfig'), `[url "file:///nowhere"]\n\tinsteadOf = http\n`);
  const home = process.env['HOME'];
  process.env['HOME'] = temp.path;
  try {
    const tip = team.commit({ 'a.txt': 'one' });
    expect(await fetch(server.url('team.git'))).toBe(tip);
  } finally {
    process.env['HOME'] = home;
  }
  expect(posts()).toBe(1);
  expect(existsSync(canary)).toBe(false);
});

test('where it fails, our own fetch goes on and tells what is wrong', async () => {
  const tip = team.commit({ 'a.txt': 'one' });
  writeFileSync(join(temp.path, 'bin', 'git'), '#!/bin/sh\nexit 1\n');
  expect(await fetch(server.url('team.git'))).toBe(tip);
  process.env['PATH'] = join(temp.path, 'nothing-here');
  const wrong = access({ credentials: { ...credentials, password: 'wrong' }, accelerator: true });
  await expect(fetch(server.url('team.git'), wrong)).rejects.toMatchObject({
    code: 'library/access-denied',
  });
});

test('what native git finds wrong with an object is not taken by it', async () => {
  team.commit({ 'a.txt': 'one' });
  const oid = team.blob('content');
  // A folder with a name twice: git itself complains with `fetch.fsckObjects`.
  team.commitTree([
    { mode: '100644', name: 'same', oid },
    { mode: '100644', name: 'same', oid },
  ]);
  const tip = await GitClient.over(server.url('team.git'), on, (transport) =>
    remoteTip(client.store, transport, null),
  );
  const accelerate = openAccelerator(parseRemote(server.url('team.git')), on, idle);
  expect(await accelerate?.(client.store, tip, [])).toBe(false);
  expect(await client.store.resolve('refs/remotes/origin/main')).toBe(null);
  expect(client.store.has(tip.oid)).toBe(false);
});

test('it is stopped by its signal, and leaves nothing half done', async () => {
  team.commit({
    'noise.bin': Buffer.from(
      Array.from({ length: 400_000 }, (_, n) => ((n * n * 31) % 251) ^ (n >> 7)),
    ),
  });
  const url = server.url('team.git');
  const tip = await GitClient.over(url, on, (transport) =>
    remoteTip(client.store, transport, null),
  );
  /** Lets the server begin its answer and then wait. */
  const controller = new AbortController();
  let asked = 0;
  const before = meddle;
  meddle = (request, response) => {
    if (before(request, response)) return true;
    if (request.method !== 'POST') return false;
    asked += 1;
    controller.abort(new Error('enough'));
    response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-result' });
    response.write('0008NAK\n');
    return true;
  };
  const stopped = openAccelerator(parseRemote(url), on, { ...idle, signal: controller.signal });
  await expect(stopped?.(client.store, tip, [])).rejects.toThrow('enough');
  expect(asked).toBe(1);
  const pack = join(client.gitdir, 'objects', 'pack');
  expect(existsSync(pack) ? readdirSync(pack) : []).toEqual([]);
});
