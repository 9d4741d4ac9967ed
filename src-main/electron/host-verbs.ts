import { join } from 'node:path';
import { MessageChannelMain, utilityProcess, type MessagePortMain } from 'electron';
import { AppError } from '../../src-contract/app-error.ts';
import { fail, ok } from '../../src-contract/result.ts';
import type { HostVerb, ToEngine } from '../shell/engine-messages.ts';
import { keychain } from './secrets.ts';

/** Helpers that the engine may ask for. */
const HELPERS = new Set(['extract']);

interface Answer {
  readonly value: unknown;
  readonly port: MessagePortMain | null;
}

/** Does for the engine what only the main process can, and answers it. */
export async function answerHost(
  engine: Electron.UtilityProcess,
  id: number,
  call: HostVerb,
  workers: string,
): Promise<void> {
  const post = (message: ToEngine, port: MessagePortMain | null): void =>
    engine.postMessage(message, port ? [port] : []);
  try {
    const { value, port } = await run(call, workers);
    post({ t: 'host-result', id, result: ok(value) }, port);
  } catch (error) {
    post({ t: 'host-result', id, result: fail(toShape(error)) }, null);
  }
}

async function run(call: HostVerb, workers: string): Promise<Answer> {
  switch (call.verb) {
    case 'secrets.backend':
      return { value: await keychain.backend(), port: null };
    case 'secrets.wrap':
      return { value: await keychain.wrap(call.plain), port: null };
    case 'secrets.unwrap':
      return { value: await keychain.unwrap(call.wrapped), port: null };
    case 'spawn':
      return { value: null, port: spawnHelper(call.kind, workers) };
  }
}

/** Starts a helper and joins it to a port; whichever side ends takes the other with it. */
function spawnHelper(kind: string, workers: string): MessagePortMain {
  if (!HELPERS.has(kind)) throw new Error(`unknown helper ${kind}`);
  const helper = utilityProcess.fork(join(workers, `${kind}.cjs`), [], {
    serviceName: `Carrel ${kind}`,
    stdio: 'ignore',
    // Nothing of the person's environment: it may hold tokens that hostile input must not reach.
    env: {},
  });
  const { port1, port2 } = new MessageChannelMain();
  port1.on('message', (event) => helper.postMessage(event.data));
  helper.on('message', (message: unknown) => port1.postMessage(message));
  helper.once('exit', () => port1.close());
  port1.on('close', () => {
    if (helper.pid) process.kill(helper.pid, 'SIGKILL');
  });
  port1.start();
  return port2;
}

function toShape(error: unknown): ReturnType<AppError['toShape']> {
  if (error instanceof AppError) return error.toShape();
  return {
    code: 'host/failed',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'Start Carrel again.',
  };
}
