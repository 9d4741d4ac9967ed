import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maySpeakFor, peerUser } from '../../src-main/web/peer-user.ts';
import { ask, enter, startWeb, type Harness } from './web.helper.ts';

const OWN = process.getuid?.() ?? 0;
const OTHER = 64_123;
const STRANGER = 64_124;

describe.runIf(process.platform === 'linux')('the user at the other end of a connection', () => {
  const server = createServer();
  let port: number;

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => server.close());

  async function userOf(come: () => { end(): void }): Promise<number | null> {
    const arrived = once(server, 'connection') as Promise<[Socket]>;
    const guest = come();
    const [socket] = await arrived;
    const user = await peerUser(socket);
    socket.destroy();
    guest.end();
    return user;
  }

  test.each(['127.0.0.1', '::ffff:127.0.0.1'])('is this one, by %s', async (host) => {
    expect(await userOf(() => connect(port, host))).toBe(OWN);
  });

  test.runIf(OWN === 0)('is another one', async () => {
    const user = await userOf(() => {
      const script = `require('net').connect(${port},'127.0.0.1').on('close',()=>process.exit())`;
      const child = spawn('/bin/sh', ['-c', 'exec "$0" -e "$1"', process.execPath, script], {
        uid: OTHER,
        stdio: 'ignore',
        cwd: '/',
      });
      return { end: () => void child.kill() };
    });
    expect(user).toBe(OTHER);
  });
});

test('root, whoever runs Carrel, and an unknown one may speak for all; others for themselves', () => {
  expect(maySpeakFor(OTHER, OTHER)).toBe(true);
  for (const peer of [0, OWN, null]) expect(maySpeakFor(OTHER, peer)).toBe(true);
  expect(maySpeakFor(null, STRANGER)).toBe(true);
  expect(maySpeakFor(OTHER, STRANGER)).toBe(false);
});

describe('another user of this machine', () => {
  let web: Harness;
  let peer: number | null = null;

  beforeAll(async () => {
    web = await startWeb({ peerUser: () => Promise.resolve(peer) });
  });
  afterAll(() => web.close());

  const ticket = async (cookie: string): Promise<number> => {
    const headers = { Cookie: cookie, Origin: web.origin };
    return (await ask(web, '/ticket', { method: 'POST', headers })).status;
  };

  test('is not let in by a link that stood in the process list, which is used up then', async () => {
    const { pathname, search } = new URL(web.server.newLink('this-user'));
    peer = STRANGER;
    expect((await ask(web, pathname + search)).status).toBe(403);
    peer = OWN;
    expect((await ask(web, pathname + search)).status).toBe(403);
    const next = new URL(web.server.newLink('this-user'));
    expect((await ask(web, next.pathname + next.search)).status).toBe(303);
  });

  test('gets nothing for a cookie that its own server was sent', async () => {
    peer = OTHER;
    const cookie = await enter(web);
    expect(await ticket(cookie)).toBe(200);
    peer = STRANGER;
    expect(await ticket(cookie)).toBe(403);
    peer = OTHER;
    expect(await ticket(cookie)).toBe(200);
  });
});
