/**
 * A small engine process for the tests of what supervises one: the real local socket and messages,
 * answers without services. Started with `--mode`; `--data-dir` holds its socket.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { EngineFrame } from '../../src-contract/protocol.ts';
import { silentLogger } from '../../src-main/core/shared/logger.ts';
import { ENGINE_REFUSED } from '../../src-main/shell/engine-messages.ts';
import { openShellLink } from '../../src-main/shell/shell-link.ts';
import { SocketServer } from '../../src-main/shell/socket-server.ts';

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string', default: '.' },
    workspace: { type: 'string' },
    shell: { type: 'string' },
    mode: { type: 'string', default: process.env['STAND_IN_MODE'] ?? 'normal' },
  },
});
const link = openShellLink();
link.onGone(() => process.exit(0));
// As the real one: the shell decides when its engine stops.
process.on('SIGINT', () => undefined);
link.onMessage((message) => {
  if (message.t === 'ping' && values.mode !== 'mute') link.post({ t: 'pong', id: message.id });
  if (message.t === 'stop' && values.mode !== 'stubborn') {
    void server.close().then(() => process.exit(0));
  }
});

const server = new SocketServer({
  runDir: join(values['data-dir'], 'run'),
  attachFile: join(values['data-dir'], 'engine.json'),
  logger: silentLogger,
  connect: (post) => ({ receive: (frame) => answer(frame, post), close: () => undefined }),
});

switch (values.mode) {
  case 'exit':
    process.exit(7);
    break;
  case 'refuse':
  case 'refuse-and-stay':
    link.post({
      t: 'refused',
      error: { code: 'vault/no-key', message: 'There is no key.', remedy: 'Bring the key.' },
    });
    if (values.mode === 'refuse') setTimeout(() => process.exit(ENGINE_REFUSED), 50);
    break;
  case 'never-ready':
    break;
  default:
    link.post({ t: 'ready', attach: await server.listen() });
}

function answer(frame: unknown, post: (frame: EngineFrame) => void): void {
  const { t, id, route, input } = frame as { t: string; id: number; route: string; input: unknown };
  if (t !== 'call') return;
  const result = (value: unknown): void => post({ t: 'result', id, result: { ok: true, value } });
  switch (route) {
    case 'echo':
      result(input);
      return;
    case 'pid':
      result(process.pid);
      return;
    case 'die':
      process.kill(process.pid, 'SIGKILL');
      return;
    case 'exit':
      process.exit(1);
      return;
    case 'block': {
      const until = performance.now() + Number(input);
      while (performance.now() < until);
      result(null);
      return;
    }
    case 'flood': {
      const text = 'x'.repeat(64 * 1024);
      for (let n = 0; n < Number(input); n += 1) {
        post({ t: 'events', stream: 1, batch: n, events: [{ n, text }] });
      }
      result(null);
      return;
    }
    default:
      // Never answered: a request in flight.
      return;
  }
}
