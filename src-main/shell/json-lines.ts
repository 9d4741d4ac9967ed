import type { Socket } from 'node:net';
import { MAX_FRAME_BYTES } from '../../src-contract/limits.ts';

const NEWLINE = 0x0a;

/**
 * Reads one JSON document per line. A line over MAX_FRAME_BYTES or one that is not JSON destroys the
 * socket: the other side doesn't speak our protocol, and nothing after it can be trusted.
 */
export function readJsonLines(socket: Socket, onDocument: (document: unknown) => void): void {
  let parts: Buffer[] = [];
  let bytes = 0;
  socket.on('data', (chunk: Buffer) => {
    let rest = chunk;
    for (;;) {
      const end = rest.indexOf(NEWLINE);
      const piece = end < 0 ? rest : rest.subarray(0, end);
      bytes += piece.length;
      if (bytes > MAX_FRAME_BYTES) {
        socket.destroy(new Error('frame over its limit'));
        return;
      }
      parts.push(piece);
      if (end < 0) return;
      const line = Buffer.concat(parts).toString('utf8');
      parts = [];
      bytes = 0;
      rest = rest.subarray(end + 1);
      const document = parse(line);
      if (!document) {
        socket.destroy(new Error('frame is not JSON'));
        return;
      }
      onDocument(document.value);
      if (socket.destroyed) return;
    }
  });
}

export function writeJsonLine(socket: Socket, document: unknown): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(document)}\n`);
}

function parse(line: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(line) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
