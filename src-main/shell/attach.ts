import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { EngineClient } from '../../src-contract/client.ts';
import type { ErrorShape } from '../../src-contract/app-error.ts';
import { MAX_ANSWER_BYTES } from '../../src-contract/limits.ts';
import type { EngineFrame } from '../../src-contract/protocol.ts';
import type { AttachInfo } from './engine-messages.ts';
import { readJsonLines, writeJsonLine } from './json-lines.ts';

/** Time a running engine has to welcome a client. */
const WELCOME_MS = 5_000;

export interface AttachedEngine {
  readonly client: EngineClient;
  close(): void;
}

export const ENGINE_ENDED: ErrorShape = {
  code: 'engine/ended',
  message: 'The engine ended while it worked on this.',
  remedy: 'Try again. What was stored before is safe.',
  action: 'retry',
};

/** Reads how to attach to the engine of a workspace; null where none says so. */
export function readAttachFile(file: string): AttachInfo | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  // A file cut short by a crash is one of an engine that no longer runs.
  try {
    const { path, token } = JSON.parse(text) as Partial<AttachInfo>;
    return typeof path === 'string' && typeof token === 'string' ? { path, token } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Attaches to a running engine; null where nobody listens any more. */
export async function attach(info: AttachInfo): Promise<AttachedEngine | null> {
  const socket = await open(info);
  if (!socket) return null;
  const client = new EngineClient((frame) => writeJsonLine(socket, frame));
  const welcomed = new Promise<boolean>((resolve) => {
    const late = setTimeout(() => resolve(false), WELCOME_MS);
    let isWelcome = false;
    readJsonLines(socket, MAX_ANSWER_BYTES, (document) => {
      if (isWelcome) {
        client.receive(document as EngineFrame);
        return;
      }
      isWelcome = true;
      clearTimeout(late);
      resolve(true);
    });
    socket.on('close', () => {
      clearTimeout(late);
      resolve(false);
      client.close(ENGINE_ENDED);
    });
  });
  writeJsonLine(socket, { t: 'hello', token: info.token });
  if (await welcomed) return { client, close: () => socket.destroy() };
  socket.destroy();
  return null;
}

function open(info: AttachInfo): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(info.path);
    // Refused, gone or not ours: no engine to attach to. Later errors end in `close`.
    socket.on('error', () => resolve(null));
    socket.once('connect', () => resolve(socket));
  });
}
