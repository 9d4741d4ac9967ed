import { connect, type Socket } from 'node:net';
import type { AttachInfo } from '../shell/engine-messages.ts';
import { MAX_ANSWER_BYTES } from '../../src-contract/limits.ts';
import { readLines, writeJsonLine } from '../shell/json-lines.ts';

/** Time a running engine has to welcome a client. */
const WELCOME_MS = 5_000;

export interface EngineLinkEvents {
  /** The engine takes frames from now on. */
  readonly onOpen: () => void;
  /** One frame of the engine as it came, one JSON document. */
  readonly onFrame: (frame: Buffer) => void;
  /** All that was written has left. */
  readonly onDrain: () => void;
  /** Called once, however it ended, also when it never opened. */
  readonly onClose: () => void;
}

/** One connection to the engine's local socket that passes frames on without reading them. */
export class EngineLink {
  readonly #socket: Socket;

  constructor(info: AttachInfo, events: EngineLinkEvents) {
    const socket = connect(info.path);
    this.#socket = socket;
    let isWelcome = false;
    const late = setTimeout(() => socket.destroy(), WELCOME_MS);
    // Every error ends in `close`, which is told.
    socket.on('error', () => undefined);
    socket.on('connect', () => writeJsonLine(socket, { t: 'hello', token: info.token }));
    socket.on('drain', events.onDrain);
    socket.on('close', () => {
      clearTimeout(late);
      events.onClose();
    });
    readLines(socket, MAX_ANSWER_BYTES, (line) => {
      if (isWelcome) {
        events.onFrame(line);
        return;
      }
      isWelcome = true;
      clearTimeout(late);
      events.onOpen();
    });
  }

  /** Bytes that the engine has not taken yet. */
  get waiting(): number {
    return this.#socket.writableLength;
  }

  send(frame: Buffer): void {
    if (this.#socket.destroyed) return;
    this.#socket.cork();
    this.#socket.write(frame);
    this.#socket.write('\n');
    this.#socket.uncork();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.destroy();
  }
}
