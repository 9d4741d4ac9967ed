import { readFileSync } from 'node:fs';
import { ENGINE_ENDED, EngineClient } from '../../src-contract/client.ts';
import type { EngineFrame } from '../../src-contract/protocol.ts';
import { EngineLink } from './engine-link.ts';
import type { AttachInfo } from './engine-messages.ts';
import { parseLine } from './json-lines.ts';

export interface AttachedEngine {
  readonly client: EngineClient;
  close(): void;
}

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

/** Attaches to a running engine; null where nobody listens any more, or somebody who is not our engine. */
export function attach(info: AttachInfo): Promise<AttachedEngine | null> {
  return new Promise((resolve) => {
    const client = new EngineClient((frame) => link.send(Buffer.from(JSON.stringify(frame))));
    const link = new EngineLink(info, {
      onOpen: () => resolve({ client, close: () => link.close() }),
      onFrame: (line) => {
        const frame = parseLine(line);
        // The other side doesn't speak our protocol: nothing after it can be trusted.
        if (frame) client.receive(frame.value as EngineFrame);
        else link.close();
      },
      onDrain: () => undefined,
      onClose: () => {
        resolve(null);
        client.close(ENGINE_ENDED);
      },
    });
  });
}
