import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { AppError, type ErrorShape } from '../../src-contract/app-error.ts';
import type { EngineFrame } from '../../src-contract/protocol.ts';
import { toStoreError } from '../db/store-error.ts';
import { composeEngine, type Engine, type EngineOptions } from '../compose.ts';
import { ENGINE_REFUSED } from './engine-messages.ts';
import { dataDirOf } from './entry.ts';
import type { HostPort } from './host-port.ts';
import { localHostPort } from './local-host-port.ts';
import { RemoteHostPort } from './remote-host-port.ts';
import { openShellLink, type ShellLink, type TransferredPort } from './shell-link.ts';
import { SocketServer } from './socket-server.ts';

/** Longest a stopping engine takes to write what is open before it goes anyway. */
const STOP_MS = 2_500;
/** Longest an engine waits for a workspace that another process has. */
const IN_USE_WAIT_MS = 2_000;
const IN_USE_LOOK_MS = 100;

/** Runs the engine for the shell that started this process, until it is stopped or the shell is gone. */
export async function runEngineProcess(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      'data-dir': { type: 'string' },
      workspace: { type: 'string', default: 'default' },
      shell: { type: 'string', default: 'web' },
    },
  });
  const link = openShellLink();
  const remote = values.shell === 'desktop' ? new RemoteHostPort(link, electronVersion()) : null;
  const host: HostPort = remote ?? localHostPort('web');
  let engine: Engine | null = null;
  let server: SocketServer | null = null;
  let stopping = false;

  const stop = async (code: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(code), STOP_MS).unref();
    await server?.close();
    await engine?.close();
    process.exit(code);
  };
  link.onGone(() => void stop(0));
  process.on('SIGTERM', () => void stop(0));
  // Ctrl-C reaches the whole group of a terminal; the shell decides when its engine stops.
  process.on('SIGINT', () => undefined);
  link.onMessage((message, ports) => {
    switch (message.t) {
      case 'stop':
        void stop(0);
        return;
      case 'ping':
        link.post({ t: 'pong', id: message.id });
        return;
      case 'host-result':
        remote?.answered(message.id, message.result, ports);
        return;
      case 'client':
        if (engine && ports[0]) connectPort(engine, ports[0]);
        return;
    }
  });

  try {
    const started = await composeWhenFree({
      dataDir: dataDirOf(argv),
      workspace: values.workspace,
      host,
    });
    if (stopping) return;
    engine = started;
    // It ends all the same, and the shell starts another one: this is where a person finds out why.
    process.on('uncaughtExceptionMonitor', (error, origin) =>
      started.logger.error('the engine ended with an error that nobody caught', { origin, error }),
    );
    server = new SocketServer({
      runDir: join(started.data.root, 'run'),
      attachFile: started.paths.attach,
      connect: (post) => started.connect(post),
      logger: started.logger.child('socket'),
    });
    link.post({ t: 'ready', attach: await server.listen() });
  } catch (error) {
    await engine?.close();
    await refuse(link, error);
  }
}

/** A terminal command that found no engine has the workspace for as long as it takes: usually not a second. */
async function composeWhenFree(options: EngineOptions): Promise<Engine> {
  const deadline = performance.now() + IN_USE_WAIT_MS;
  for (;;) {
    try {
      return await composeEngine(options);
    } catch (error) {
      const isInUse = error instanceof AppError && error.code === 'workspace/in-use';
      if (!isInUse || performance.now() > deadline) throw error;
      await wait(IN_USE_LOOK_MS);
    }
  }
}

/** One window of the desktop shell: its own port, so that chat text never passes the main process. */
function connectPort(engine: Engine, port: TransferredPort): void {
  const client = engine.connect((frame: EngineFrame) => port.postMessage(frame));
  port.on('message', (event) => client.receive(event.data));
  port.on('close', () => client.close());
  port.start();
}

async function refuse(link: ShellLink, error: unknown): Promise<void> {
  link.post({ t: 'refused', error: toShape(error) });
  // The message leaves on the next turns of the loop.
  await new Promise((resolve) => setImmediate(resolve));
  process.exitCode = ENGINE_REFUSED;
  setTimeout(() => process.exit(ENGINE_REFUSED), 100);
}

function toShape(error: unknown): ErrorShape {
  const known = error instanceof AppError ? error : toStoreError(error);
  if (known) return known.toShape();
  return {
    code: 'engine/cannot-start',
    message: `The engine could not start: ${error instanceof Error ? error.message : String(error)}`,
    remedy: 'Start Carrel again; if it stays, look into the logs folder of the data directory.',
  };
}

function electronVersion(): string | null {
  return process.versions['electron'] ?? null;
}
