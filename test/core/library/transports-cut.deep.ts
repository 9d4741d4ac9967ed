import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../../src-contract/app-error.ts';
import { access, fsckRepo, GitClient, idle, refsOf } from '../../helpers/git-client.ts';
import { startGitHttp, type GitHttpServer } from '../../helpers/git-http-server.ts';
import { git, TeamRepo, tempDir } from '../../helpers/git-repo.ts';
import { cuttingProxy, makeKey, startSshd, type Sshd } from '../../helpers/sshd.ts';

vi.setConfig({ testTimeout: 600_000 });

/** Places at which each conversation is cut. */
const CUTS = 20;
const RESULTS = resolve(import.meta.dirname, '../../../test-results');

let host: ReturnType<typeof tempDir>;
let sshd: Sshd;
let temp: ReturnType<typeof tempDir>;
let team: TeamRepo;
let client: GitClient;
let http: GitHttpServer;
const seed = Date.now() % 1_000_000;
let state = seed + 1;
const counted: Record<string, unknown> = { seed };

beforeAll(async () => {
  host = tempDir();
  sshd = await startSshd(host.path);
});
afterAll(async () => {
  await sshd.close();
  host.remove();
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, 'library-transports.json'), `${JSON.stringify(counted, null, 2)}\n`);
});
beforeEach(async () => {
  temp = tempDir();
  team = new TeamRepo(temp.path);
  git(team.bare, 'config', 'http.receivepack', 'true');
  http = await startGitHttp(temp.path);
  client = await GitClient.create(temp.path);
});
afterEach(async () => {
  await http.close();
  client.fsck();
  fsckRepo(team.bare);
  temp.remove();
});

function random(below: number): number {
  state = (state * 48_271) % 2_147_483_647;
  return state % below;
}

/** Bytes that do not compress. */
function noise(bytes: number): Buffer {
  return Buffer.from(Array.from({ length: bytes }, () => random(256)));
}

const how = () => access({ ssh: sshd.access() });
const serverPort = (kind: string): number =>
  kind === 'ssh' ? sshd.port : Number(new URL(http.url('')).port);

/** The address of the team's repository by way of a proxy. */
function through(kind: string, port: number): string {
  if (kind === 'http') return `http://127.0.0.1:${port}/team.git`;
  sshd.knowAlso(port);
  return sshd.url(team.bare, port);
}

/** The code of what went wrong; null where nothing did. */
async function outcome(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

test.each(['http', 'ssh'])('a fetch over %s that is cut anywhere changes nothing', async (kind) => {
  team.commit({ 'a.md': 'one' });
  let cut = Infinity;
  const proxy = await cuttingProxy(serverPort(kind), () => cut);
  const url = through(kind, proxy.port);
  const fetch = () => GitClient.over(url, how(), (transport) => client.fetch(transport));
  await fetch();
  const theirs = team.commit({ 'noise.bin': noise(300_000) });
  const probe = await GitClient.create(temp.path, 'probe.git');
  const before = proxy.bytes();
  await GitClient.over(url, how(), (transport) => probe.fetch(transport));
  const total = proxy.bytes() - before;
  const refs = refsOf(client.gitdir);
  const codes: Record<string, number> = {};
  for (let n = 0; n < CUTS; n += 1) {
    proxy.drop();
    cut = random(total - (kind === 'ssh' ? 5_000 : 20));
    const code = await outcome(fetch());
    codes[String(code)] = (codes[String(code)] ?? 0) + 1;
    expect(refsOf(client.gitdir)).toBe(refs);
    client.fsck();
  }
  expect(codes).toEqual({ 'library/connection-cut': CUTS });
  proxy.drop();
  cut = Infinity;
  expect(await fetch()).toBe(theirs);
  counted[`fetchCutOver_${kind}`] = { bytes: total, ...codes, retried: 1 };
  proxy.close();
});

test.each(['http', 'ssh'])('a push over %s that is cut anywhere is done or not', async (kind) => {
  const old = team.commit({ 'a.md': 'one' });
  let cut = Infinity;
  const proxy = await cuttingProxy(serverPort(kind), () => cut, 'cut', 'client');
  const url = through(kind, proxy.port);
  await GitClient.over(url, how(), (transport) => client.fetch(transport));
  const push = () => GitClient.over(url, how(), (transport) => client.push(transport));
  const mine = client.commit('noise.bin', noise(300_000));
  const reset = (): string => git(team.bare, 'update-ref', 'refs/heads/main', old);
  const before = proxy.bytes();
  await push();
  const total = proxy.bytes() - before;
  const codes: Record<string, number> = {};
  let arrived = 0;
  for (let n = 0; n < CUTS; n += 1) {
    reset();
    proxy.drop();
    cut = random(total - (kind === 'ssh' ? 1_000 : 20));
    const code = await outcome(push());
    codes[String(code)] = (codes[String(code)] ?? 0) + 1;
    const now = git(team.bare, 'rev-parse', 'main');
    expect([old, mine]).toContain(now);
    if (now === mine) arrived += 1;
    fsckRepo(team.bare);
    client.fsck();
  }
  expect(codes).toEqual({ 'library/connection-cut': CUTS });
  reset();
  proxy.drop();
  cut = Infinity;
  await push();
  expect(git(team.bare, 'rev-parse', 'main')).toBe(mine);
  counted[`pushCutOver_${kind}`] = { bytes: total, ...codes, arrived, retried: 1 };
  proxy.close();
});

test('a server that is silent for 30 seconds is waited for', async () => {
  const tip = team.commit({ 'a.md': 'one' });
  const target = new URL(http.url('team.git'));
  let silent = 0;
  const slow = createServer((request, response) => {
    const wait = request.method === 'POST' ? 30_000 : 0;
    silent += wait;
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      setTimeout(() => {
        const [, , ...rest] = (request.url ?? '').split('/');
        void forward(
          `${target.href}/${rest.join('/')}`,
          request.method ?? 'GET',
          Buffer.concat(parts),
        );
      }, wait);
    });
    async function forward(url: string, method: string, body: Buffer): Promise<void> {
      const type = request.headers['content-type'];
      const answer = await fetch(url, {
        method,
        headers: type === undefined ? {} : { 'content-type': type },
        ...(method === 'POST' ? { body: new Uint8Array(body) } : {}),
      });
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? '',
      });
      response.end(Buffer.from(await answer.arrayBuffer()));
    }
  });
  await new Promise<void>((done) => slow.listen(0, '127.0.0.1', done));
  const { port } = slow.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/team.git`;
  const started = performance.now();
  expect(await GitClient.over(url, how(), (transport) => client.fetch(transport), idle)).toBe(tip);
  expect(silent).toBe(30_000);
  counted['silenceOver_http'] = { seconds: Math.round((performance.now() - started) / 1000) };
  slow.closeAllConnections();
  slow.close();
});

test('a server that is silent for 30 seconds over SSH is waited for', async () => {
  const tip = team.commit({ 'a.md': 'one' });
  const file = join(sshd.home, 'slow');
  makeKey(file);
  sshd.authorize(
    readFileSync(`${file}.pub`, 'utf8'),
    'command="sleep 30; exec /bin/sh -c \\"$SSH_ORIGINAL_COMMAND\\""',
  );
  const started = performance.now();
  const given = access({ ssh: sshd.access({ keyFile: file }) });
  const work = GitClient.over(sshd.url(team.bare), given, (transport) => client.fetch(transport));
  expect(await work).toBe(tip);
  counted['silenceOver_ssh'] = { seconds: Math.round((performance.now() - started) / 1000) };
});
