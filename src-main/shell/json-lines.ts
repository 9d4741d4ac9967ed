import type { Socket } from 'node:net';

const NEWLINE = 0x0a;

/**
 * Reads lines as bytes, without their end. One of more than `maxBytes` destroys the socket: the other
 * side doesn't speak our protocol, and nothing after it can be trusted.
 */
export function readLines(socket: Socket, maxBytes: number, onLine: (line: Buffer) => void): void {
  let parts: Buffer[] = [];
  let bytes = 0;
  socket.on('data', (chunk: Buffer) => {
    let rest = chunk;
    for (;;) {
      const end = rest.indexOf(NEWLINE);
      const piece = end < 0 ? rest : rest.subarray(0, end);
      bytes += piece.length;
      if (bytes > maxBytes) {
        socket.destroy(new Error('frame over its limit'));
        return;
      }
      parts.push(piece);
      if (end < 0) return;
      const line = Buffer.concat(parts);
      parts = [];
      bytes = 0;
      rest = rest.subarray(end + 1);
      onLine(line);
      if (socket.destroyed) return;
    }
  });
}

/** Reads one JSON document per line. One that is not JSON destroys the socket. */
export function readJsonLines(
  socket: Socket,
  maxBytes: number,
  onDocument: (document: unknown) => void,
): void {
  readLines(socket, maxBytes, (line) => {
    const document = parseLine(line);
    if (document) onDocument(document.value);
    else socket.destroy(new Error('frame is not JSON'));
  });
}

export function writeJsonLine(socket: Socket, document: unknown): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(document)}\n`);
}

/** The document of one line; null where it is no JSON. */
export function parseLine(line: Buffer): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(line.toString('utf8')) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
