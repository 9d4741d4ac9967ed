import { connect, type Socket } from 'node:net';
import { MAX_ANSWER_BYTES } from '../../src-contract/limits.ts';
import type { AttachInfo } from './engine-messages.ts';
import { answerChallenge, HANDSHAKE_MS, type AnsweredChallenge } from './handshake.ts';
import { parseLine, readLines, writeJsonLine } from './json-lines.ts';

export interface EngineLinkEvents {
  /** The engine proved that it is ours, and takes frames from now on. */
  readonly onOpen: () => void;
  /** One frame of the engine as it came, one JSON document. */
  readonly onFrame: (frame: Buffer) => void;
  /** All that was written has left. */
  readonly onDrain: () => void;
  /** Called once, however it ended, also when it never opened. */
  readonly onClose: () => void;
}

/**
 * One connection to the engine's local socket that passes frames on without reading them. Nothing of
 * a client leaves before the engine has proved itself.
 */
export class EngineLink {
  readonly #socket: Socket;

  constructor(info: AttachInfo, events: EngineLinkEvents) {
    const socket = connect(info.path);
    this.#socket = socket;
    let isOpen = false;
    let answered: AnsweredChallenge | null = null;
    const late = setTimeout(() => socket.destroy(), HANDSHAKE_MS);
    // Every error ends in `close`, which is told.
    socket.on('error', () => undefined);
    socket.on('drain', events.onDrain);
    socket.on('close', () => {
      clearTimeout(late);
      events.onClose();
    });
    readLines(socket, MAX_ANSWER_BYTES, (line) => {
      if (isOpen) {
        events.onFrame(line);
        return;
      }
      const document = parseLine(line)?.value;
      if (!answered) {
        answered = answerChallenge(info.token, document);
        if (answered) writeJsonLine(socket, answered.hello);
        else socket.destroy();
        return;
      }
      if (!answered.isWelcome(document)) {
        socket.destroy();
        return;
      }
      isOpen = true;
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
