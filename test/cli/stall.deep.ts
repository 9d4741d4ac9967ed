import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from '../helpers/built.helper.ts';
import { Cli } from '../helpers/cli.helper.ts';
import { startSseServer, type SseServer } from '../helpers/sse-server.ts';

const cli = new Cli();
let server: SseServer;

beforeAll(async () => {
  ensureBuilt();
  server = await startSseServer({
    script: () => async (exchange) => {
      await exchange.delta('Half of an');
      await exchange.silence();
    },
  });
  await cli.ok(['provider', 'add', 'local', '--base-url', server.baseUrl, '--model', 'm']);
});

afterAll(async () => {
  await server.close();
  await cli.end();
});

// A minute: the real limit of silence.
test('a provider that falls silent never gives a done that says stop', async () => {
  const { code, lines } = await cli.run(['chat', '--route', 'local/m', 'x'], { limitMs: 120_000 });
  expect(lines.find(({ type }) => type === 'delta')).toMatchObject({ text: 'Half of an' });
  const last = lines.at(-1);
  if (last?.['type'] === 'error') expect(code).toBe(1);
  else expect(last).toMatchObject({ type: 'done', finish: 'truncated' });
}, 150_000);
