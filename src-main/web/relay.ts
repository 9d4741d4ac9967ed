import type { WebSocket } from 'ws';
import { ENGINE_ENDED } from '../../src-contract/client.ts';
import { MAX_FRAME_BYTES } from '../../src-contract/limits.ts';
import type { EngineFrame, EngineState, ShellFrame } from '../../src-contract/protocol.ts';
import { fail } from '../../src-contract/result.ts';
import type { EngineHost } from '../shell/engine-host.ts';
import { EngineLink } from '../shell/engine-link.ts';
import type { AttachInfo } from '../shell/engine-messages.ts';

/** Bytes waiting for one side before the other is held back. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** The socket of an engine that was killed closes a little before its end is noticed. */
const END_NOTICE_MS = 500;

const NEWLINE = 0x0a;

/** Why a web socket was closed, as in RFC 6455. */
export const CLOSE = {
  goingAway: 1001,
  notText: 1003,
  notOneDocument: 1007,
  tooLarge: 1009,
  unexpected: 1011,
  /** The engine behind it ended. The page asks for a new ticket and comes back. */
  engineEnded: 1012,
} as const;

export type EngineView = Pick<EngineHost, 'state' | 'attach' | 'failure' | 'onState'>;

/**
 * Joins one web socket to one connection of the engine, and tells the page how the engine is. A web
 * socket lives no longer than the engine that it was joined to: nothing asked of one engine is
 * answered by the next.
 */
export class Relay {
  readonly #web: WebSocket;
  readonly #engine: EngineView;
  readonly #stopWatching: () => void;
  #link: EngineLink | null = null;
  #isOpen = false;
  /** Frames that came before the engine could take them. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #endNotice: NodeJS.Timeout | null = null;

  constructor(web: WebSocket, engine: EngineView) {
    this.#web = web;
    this.#engine = engine;
    web.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary));
    web.on('close', () => this.#gone());
    // ws closes with the right code after an error (1009 for one frame too large).
    web.on('error', () => undefined);
    this.#stopWatching = engine.onState((state) => this.#onState(state));
    this.#onState(engine.state);
  }

  #onState(state: EngineState): void {
    if (state.kind === 'running') {
      if (this.#isOpen) this.#tell(state);
      else if (!this.#link && this.#engine.attach) this.#join(this.#engine.attach);
      return;
    }
    this.#tell(state);
    if (this.#link) {
      this.#web.close(CLOSE.engineEnded, 'the engine ended');
      this.#gone();
    } else if (state.kind === 'failed') {
      for (const frame of this.#takeHeld()) this.#refuse(frame);
    }
  }

  #join(attach: AttachInfo): void {
    const link = new EngineLink(attach, {
      onOpen: () => {
        this.#isOpen = true;
        this.#tell(this.#engine.state);
        for (const frame of this.#takeHeld()) link.send(frame);
      },
      onFrame: (frame) => this.#pass(link, frame),
      onDrain: () => this.#web.resume(),
      onClose: () => this.#linkClosed(),
    });
    this.#link = link;
  }

  /** A frame of the engine, to the page. */
  #pass(link: EngineLink, frame: Buffer): void {
    this.#web.send(frame, { binary: false }, () => {
      if (this.#web.bufferedAmount < MAX_WAITING_BYTES) link.resume();
    });
    if (this.#web.bufferedAmount >= MAX_WAITING_BYTES) link.pause();
  }

  /** A frame of the page, to the engine. */
  #receive(frame: Buffer, isBinary: boolean): void {
    if (isBinary) {
      this.#web.close(CLOSE.notText, 'frames are text');
    } else if (frame.includes(NEWLINE)) {
      this.#web.close(CLOSE.notOneDocument, 'one JSON document on one line');
    } else if (this.#isOpen && this.#link) {
      this.#link.send(frame);
      if (this.#link.waiting >= MAX_WAITING_BYTES) this.#web.pause();
    } else if (this.#engine.state.kind === 'failed') {
      this.#refuse(frame);
    } else {
      this.#hold(frame);
    }
  }

  #hold(frame: Buffer): void {
    this.#heldBytes += frame.length;
    if (this.#heldBytes > MAX_FRAME_BYTES) {
      this.#web.close(CLOSE.tooLarge, 'too much before the engine is ready');
      return;
    }
    this.#held.push(frame);
  }

  #takeHeld(): Buffer[] {
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    return held;
  }

  /** No engine to ask: the call is answered, not left open. */
  #refuse(frame: Buffer): void {
    const id = callId(frame);
    if (id === null) return;
    this.#send({ t: 'result', id, result: fail(this.#engine.failure ?? ENGINE_ENDED) });
  }

  #linkClosed(): void {
    if (!this.#link) return;
    // Either the engine's end is about to be noticed and told, or the engine dropped this client.
    this.#endNotice = setTimeout(() => {
      this.#web.close(CLOSE.unexpected, 'the engine closed the connection');
      this.#gone();
    }, END_NOTICE_MS);
  }

  #gone(): void {
    this.#stopWatching();
    if (this.#endNotice) clearTimeout(this.#endNotice);
    const link = this.#link;
    this.#link = null;
    this.#isOpen = false;
    link?.close();
  }

  #tell(state: EngineState): void {
    this.#send({ t: 'engine', state });
  }

  #send(frame: EngineFrame | ShellFrame): void {
    if (this.#web.readyState === this.#web.OPEN) this.#web.send(JSON.stringify(frame));
  }
}

/** The id of a call; null for any other document, and for none. */
function callId(frame: Buffer): number | null {
  let document: unknown;
  try {
    document = JSON.parse(frame.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (typeof document !== 'object' || document === null) return null;
  if (!('t' in document) || document.t !== 'call' || !('id' in document)) return null;
  return Number.isSafeInteger(document.id) ? (document.id as number) : null;
}
