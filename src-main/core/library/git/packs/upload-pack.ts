import { AppError } from '../../../../../src-contract/app-error.ts';
import { badPack, notGit } from '../../errors.ts';
import type { Oid } from '../object-store.ts';
import { FLUSH, packetLine, type Transport } from '../transports/transport.ts';
import { PktReader } from './pkt-line.ts';

/**
 * Asked for in the first want. Without thin packs a pack holds the base of each of its deltas, so it
 * can be checked and indexed by itself. Progress is not switched off: it keeps a connection alive
 * while the server counts.
 */
const CAPABILITIES = 'ofs-delta side-band-64k';
/** Characters of a server's own message that are shown. */
const MAX_MESSAGE_CHARS = 200;

/** Channels of the side-band. */
const PACK = 1;
const PROGRESS = 2;
const FATAL = 3;

export interface Wants {
  readonly want: Oid;
  /** Commits that are here with all they need, the newest first. */
  readonly haves: readonly Oid[];
}

/**
 * One stateless exchange of git's protocol version 1: want, have, done in one request, acknowledgements
 * and the pack in one answer. Hands the pack's bytes to `onPack` as they come; they are worth nothing
 * until this returns.
 *
 * Errors: `library/bad-pack`, `library/remote-refused` (the server's own message),
 * `library/not-a-git-remote`, those of the transport.
 */
export async function uploadPack(
  transport: Transport,
  { want, haves }: Wants,
  onPack: (bytes: Buffer) => void,
): Promise<void> {
  const body = Buffer.concat([
    packetLine(`want ${want} ${CAPABILITIES}\n`),
    FLUSH,
    ...haves.map((oid) => packetLine(`have ${oid}\n`)),
    packetLine('done\n'),
  ]);
  const answer = await transport.request({
    url: `${transport.wireUrl}/git-upload-pack`,
    method: 'POST',
    headers: {
      'content-type': 'application/x-git-upload-pack-request',
      accept: 'application/x-git-upload-pack-result',
    },
    body: [body],
  });
  if (answer.statusCode !== 200) throw notGit(transport.place);
  const reader = new PktReader();
  const answered = new Answer(onPack);
  for await (const part of answer.body) {
    for (const line of reader.push(part)) answered.take(line);
  }
  reader.end();
  answered.end();
}

/** Acknowledgements, then the side-band until its flush, then nothing. */
class Answer {
  readonly #onPack: (bytes: Buffer) => void;
  #state: 'acks' | 'pack' | 'ended' = 'acks';

  constructor(onPack: (bytes: Buffer) => void) {
    this.#onPack = onPack;
  }

  take(line: Buffer | null): void {
    switch (this.#state) {
      case 'acks':
        if (line && isAcknowledgement(line)) return;
        this.#state = 'pack';
        this.#band(line);
        return;
      case 'pack':
        this.#band(line);
        return;
      case 'ended':
        throw badPack('bytes after its answer');
    }
  }

  end(): void {
    if (this.#state !== 'ended') throw badPack('its answer ends too early');
  }

  #band(line: Buffer | null): void {
    if (line === null) {
      this.#state = 'ended';
      return;
    }
    switch (line[0]) {
      case PACK:
        this.#onPack(line.subarray(1));
        return;
      case PROGRESS:
        return;
      case FATAL:
        throw refused(line.toString('utf8', 1));
      default:
        if (line.toString('latin1', 0, 4) === 'ERR ') throw refused(line.toString('utf8', 4));
        throw badPack('an unknown line in its answer');
    }
  }
}

function isAcknowledgement(line: Buffer): boolean {
  return /^(?:NAK|ACK [0-9a-f]{40}(?: [a-z]+)?)\n?$/.test(line.toString('latin1', 0, 64));
}

function refused(message: string): AppError {
  const text = message
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_MESSAGE_CHARS);
  return new AppError('library/remote-refused', `The remote refused: ${text}`, {
    remedy: 'Try again; if it stays, show this message to who runs the remote.',
    action: 'retry',
  });
}
