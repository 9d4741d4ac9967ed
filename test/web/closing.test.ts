import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWeb, type Harness } from './web.helper.ts';

const REFUSED_UPGRADE =
  'GET /engine HTTP/1.1\r\nHost: evil\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';

let web: Harness;

beforeAll(async () => {
  web = await startWeb();
});
afterAll(() => web.close());

test.each([
  ['a refused web socket', REFUSED_UPGRADE],
  ['what is not HTTP', 'hello\r\n\r\n'],
])('%s does not stay, though it keeps its own end open', async (_what, text) => {
  const socket = stubborn(web, text);
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  // That the server let go shows at the next byte.
  const poke = setInterval(() => socket.write('x'), 50);
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(poke);
  expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
});

test('the end of the server waits for nobody', async () => {
  const own = await startWeb();
  const refused = stubborn(own, REFUSED_UPGRADE);
  const endless = stubborn(own, 'GET / HTTP/1.1\r\nHost: ');
  await once(refused, 'data');
  await own.close();
  const late = connect(own.port, '127.0.0.1');
  const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');
  refused.destroy();
  endless.destroy();
});

/** A client that never closes by itself. */
function stubborn(to: Harness, text: string): Socket {
  const socket = connect({ port: to.port, host: '127.0.0.1', allowHalfOpen: true });
  // A reset is one way to be dropped.
  socket.on('error', () => undefined);
  socket.write(text);
  return socket;
}
