import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../../src-contract/app-error.ts';
import type { TransportOptions } from '../../../src-main/core/library/git/transports/transport.ts';
import { access, GitClient, idle } from '../../helpers/git-client.ts';
import { startGitHttp, type GitHttpServer, type Meddle } from '../../helpers/git-http-server.ts';
import { git, TeamRepo, tempDir } from '../../helpers/git-repo.ts';
import { filesBelow } from '../../helpers/git-library.ts';

const TOKEN = 'c4n4ry/t0k+en';
/** Every form in which the token could be somewhere. */
const FORMS = [
  TOKEN,
  encodeURIComponent(TOKEN),
  Buffer.from(`ada:${TOKEN}`).toString('base64'),
  Buffer.from(TOKEN).toString('base64').replace(/=+$/, ''),
];

let temp: ReturnType<typeof tempDir>;
let team: TeamRepo;
let client: GitClient;
let server: GitHttpServer | null;
let plain: Server[];

beforeEach(async () => {
  temp = tempDir();
  team = new TeamRepo(temp.path);
  team.commit({ 'a.md': 'one' });
  git(team.bare, 'config', 'http.receivepack', 'true');
  client = await GitClient.create(temp.path);
  server = null;
  plain = [];
});
afterEach(async () => {
  await server?.close();
  for (const each of plain) {
    each.closeAllConnections();
    each.close();
  }
  temp.remove();
});

async function listen(listener: RequestListener): Promise<string> {
  const made = createServer(listener);
  plain.push(made);
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

function expectClean(what: string): void {
  for (const form of FORMS) expect(what).not.toContain(form);
}

const how = access({ credentials: { username: 'ada', password: TOKEN } });

/** Fetches and pushes with the token; gives what went wrong, all of it. */
async function failures(url: string, options: TransportOptions): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  const work = [client.fetch.bind(client), client.push.bind(client)] as const;
  for (const verb of work) {
    await GitClient.over<unknown>(url, how, (transport) => verb(transport), options).catch(
      (error: unknown) => found.push(error),
    );
  }
  return found;
}

const status =
  (code: number, headers: Record<string, string> = {}): Meddle =>
  (_request, response) => {
    response.writeHead(code, headers).end('no');
    return true;
  };

test.each<[string, Meddle, string]>([
  ['401', status(401, { 'www-authenticate': 'Basic realm="x"' }), 'library/access-denied'],
  ['403', status(403), 'library/access-denied'],
  ['404', status(404), 'library/remote-not-found'],
  ['413', status(413), 'library/too-large'],
  ['500', status(500), 'library/remote-unavailable'],
  ['a page', status(200, { 'content-type': 'text/html' }), 'library/not-a-git-remote'],
  ['elsewhere', status(302, { location: 'http://127.0.0.1:9/x' }), 'library/bad-redirect'],
  ['in the open', status(302, { location: 'http://example.invalid/x' }), 'library/bad-redirect'],
  ['with a name', status(302, { location: 'http://a:b@127.0.0.1/x' }), 'library/bad-redirect'],
  ['nowhere', status(302), 'library/bad-redirect'],
  ['a circle', status(301, { location: '/team.git/info/refs' }), 'library/bad-redirect'],
  ['a cut', (request) => request.socket.resetAndDestroy() !== null, 'library/connection-cut'],
  ['silence', () => true, 'library/timed-out'],
])('no error of a server tells the token: %s', async (_what, meddle, code) => {
  server = await startGitHttp(temp.path, { meddle });
  client.commit('b.md', 'mine');
  const errors = await failures(server.url('team.git'), { ...idle, idleMs: 200 });
  expect(errors).toHaveLength(2);
  for (const error of errors) {
    expect(error).toMatchObject({ code });
    expectClean(inspect(error, { depth: 12, showHidden: true }));
    if (error instanceof AppError) expectClean(JSON.stringify(error.toShape()));
  }
  // It was sent there, though: the test looks for something that is there to be found.
  expect(
    server.requests.every(({ authorization }) => authorization?.includes(FORMS[2] ?? '')),
  ).toBe(true);
});

test('no error of the line tells the token', async () => {
  const gone = await listen(() => undefined);
  plain[0]?.close();
  await new Promise((resolve) => setImmediate(resolve));
  for (const url of [`${gone}/x`, 'http://localhost:1/x', 'https://127.0.0.1:1/x']) {
    for (const error of await failures(url, { ...idle, idleMs: 2_000 })) {
      expectClean(inspect(error, { depth: 12, showHidden: true }));
    }
  }
});

test('no other host is told the token, and no file of ours', async () => {
  const seen: (string | undefined)[] = [];
  const other = await listen((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(404).end();
  });
  let to = '';
  server = await startGitHttp(temp.path, {
    meddle: (request, response) => {
      if (to === '') return false;
      const location = to + (request.url ?? '');
      response.writeHead(302, { location }).end();
      return true;
    },
  });
  const url = server.url('team.git');
  await GitClient.over(url, how, async (transport) => {
    await client.fetch(transport);
    client.commit('b.md', 'mine');
    await client.push(transport);
  });
  to = other;
  expect(await failures(url, idle)).toHaveLength(2);
  to = other.replace('127.0.0.1', 'localhost');
  expect(await failures(url, idle)).toHaveLength(2);
  expect(seen).toEqual([]);
  for (const path of filesBelow(temp.path)) {
    expectClean(readFileSync(join(temp.path, path), 'latin1'));
  }
});
