import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_FRAME_BYTES } from '../../src-contract/limits.ts';
import type { EngineFrame } from '../../src-contract/protocol.ts';
import type { Logger } from '../core/shared/logger.ts';
import type { AttachInfo } from './engine-messages.ts';
import { answerHello, HANDSHAKE_MS, newChallenge } from './handshake.ts';
import { readJsonLines, writeJsonLine } from './json-lines.ts';
import { ANY_ACCESS, isOwnDir } from './own-dir.ts';

/** macOS allows 104 bytes for a socket's path, Linux 108. */
const MAX_SOCKET_PATH = 100;
/** Beginning of a directory of our own that is made where no other will do; short, and on every Unix. */
const NEW_DIR = '/tmp/carrel-';
/** Bytes waiting for a client that does not read: streams hold back long before. */
const MAX_UNSENT_BYTES = 64 * 1024 * 1024;

/** The engine's side of one attached client. */
export interface SocketClient {
  receive(frame: unknown): void;
  close(): void;
}

export interface SocketServerDeps {
  /** Where the socket goes if its path is short enough. */
  readonly runDir: string;
  /** File that tells clients of this user how to attach; 0600. */
  readonly attachFile: string;
  readonly connect: (post: (frame: EngineFrame) => void) => SocketClient;
  readonly logger: Logger;
}

/**
 * Listens for terminals and web shells of the same user: a 0600 socket in a 0700 directory (a named
 * pipe on Windows) plus a token that only this user can read,
 * which both sides prove to know.
 */
export class SocketServer {
  readonly #deps: SocketServerDeps;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #token = randomBytes(32).toString('hex');
  #path = '';
  /** Made for this socket alone. */
  #madeDir: string | null = null;

  constructor(deps: SocketServerDeps) {
    this.#deps = deps;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  async listen(): Promise<AttachInfo> {
    const { path, madeDir } = socketPlace(this.#deps.runDir, this.#deps.attachFile);
    this.#path = path;
    this.#madeDir = madeDir;
    if (process.platform !== 'win32') rmSync(this.#path, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#path, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    if (process.platform !== 'win32') chmodSync(this.#path, 0o600);
    const info = { path: this.#path, token: this.#token };
    writeFileSync(this.#deps.attachFile, JSON.stringify({ format: 1, pid: process.pid, ...info }), {
      mode: 0o600,
    });
    return info;
  }

  async close(): Promise<void> {
    rmSync(this.#deps.attachFile, { force: true });
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    if (this.#madeDir) rmSync(this.#madeDir, { recursive: true, force: true });
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    const challenge = newChallenge();
    let client: SocketClient | null = null;
    const late = setTimeout(() => socket.destroy(), HANDSHAKE_MS);
    socket.on('error', (error) =>
      this.#deps.logger.debug('client socket failed', { reason: error.message }),
    );
    socket.on('close', () => {
      clearTimeout(late);
      this.#sockets.delete(socket);
      client?.close();
    });
    readJsonLines(socket, MAX_FRAME_BYTES, (document) => {
      if (client) {
        client.receive(document);
        return;
      }
      const welcome = answerHello(this.#token, challenge, document);
      if (!welcome) {
        socket.destroy();
        return;
      }
      clearTimeout(late);
      client = this.#deps.connect((frame) => {
        if (socket.writableLength > MAX_UNSENT_BYTES) socket.destroy();
        else writeJsonLine(socket, frame);
      });
      writeJsonLine(socket, welcome);
    });
    writeJsonLine(socket, challenge);
  }
}

/**
 * A path that is short enough, in a directory that nobody else can enter. Others on the machine must
 * not be able to keep Carrel from starting: where one of theirs has our name, a new one is made.
 */
function socketPlace(
  runDir: string,
  attachFile: string,
): { readonly path: string; readonly madeDir: string | null } {
  const name = createHash('sha256').update(attachFile).digest('hex').slice(0, 16);
  if (process.platform === 'win32') {
    const path = `\\\\.\\pipe\\carrel-${name}-${randomBytes(8).toString('hex')}`;
    return { path, madeDir: null };
  }
  const file = `${name}.sock`;
  for (const dir of [runDir, join(tmpdir(), `carrel-${process.getuid?.() ?? 0}`)]) {
    const path = join(dir, file);
    if (Buffer.byteLength(path) <= MAX_SOCKET_PATH && isOwnDir(dir, ANY_ACCESS)) {
      return { path, madeDir: null };
    }
  }
  const madeDir = mkdtempSync(NEW_DIR);
  return { path: join(madeDir, file), madeDir };
}
