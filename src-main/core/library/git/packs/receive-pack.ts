import { badPack } from '../../errors.ts';
import type { Oid } from '../object-store.ts';
import { FLUSH, packetLine, type Transport } from '../transports/transport.ts';
import { PktReader } from './pkt-line.ts';

/** The name of nothing: a ref that is not there yet. */
const NOTHING = '0'.repeat(40);
/** Channels of the side-band. */
const REPORT = 1;
const PROGRESS = 2;
const FATAL = 3;
/** Characters of a server's own message that are kept. */
const MAX_REASON_CHARS = 300;

export interface RefUpdate {
  readonly ref: string;
  /** What the ref must be at this moment; null: it must not be there. */
  readonly from: Oid | null;
  readonly to: Oid;
}

/** Why the server did not take it, in its own words, each on one line. */
export interface Refusal {
  readonly reason: string;
  /** What a hook or the server wrote besides; often what to do about it. Empty where nothing. */
  readonly said: string;
}

/**
 * One stateless exchange with `receive-pack`: moves one ref, with the objects that the server lacks.
 * `hasSideBand`: whether the server offered it. Errors: those of the transport, `library/bad-pack` where
 * the answer is none that git gives: nobody knows then whether it took it. Null: taken.
 */
export async function receivePack(
  transport: Transport,
  { ref, from, to }: RefUpdate,
  pack: readonly Buffer[],
  hasSideBand: boolean,
): Promise<Refusal | null> {
  const capabilities = hasSideBand ? ' report-status side-band-64k' : ' report-status';
  const command = packetLine(`${from ?? NOTHING} ${to} ${ref}\0${capabilities}\n`);
  const answer = await transport.request({
    url: `${transport.wireUrl}/git-receive-pack`,
    method: 'POST',
    headers: {
      'content-type': 'application/x-git-receive-pack-request',
      accept: 'application/x-git-receive-pack-result',
    },
    body: [command, FLUSH, ...pack],
  });
  if (answer.statusCode !== 200) throw badPack(`status ${answer.statusCode}`);
  const report = new Report(ref);
  const outer = new PktReader();
  for await (const part of answer.body) {
    for (const line of outer.push(part)) {
      if (line === null) continue;
      if (hasSideBand) report.band(line);
      else report.line(line);
    }
  }
  outer.end();
  return report.end();
}

/** The lines of the report: what became of the pack, then of the ref. */
class Report {
  readonly #ref: string;
  readonly #inner = new PktReader();
  #unpacked = false;
  #taken = false;
  #refusal: string | null = null;
  #said = '';

  constructor(ref: string) {
    this.#ref = ref;
  }

  band(line: Buffer): void {
    switch (line[0]) {
      case REPORT:
        for (const inner of this.#inner.push(line.subarray(1))) if (inner) this.line(inner);
        return;
      case PROGRESS:
        if (this.#said.length < MAX_REASON_CHARS) this.#said += line.toString('utf8', 1);
        return;
      case FATAL:
        this.#refuse(line.toString('utf8', 1));
        return;
      default:
        throw badPack('an unknown line in its answer');
    }
  }

  line(line: Buffer): void {
    const text = line.toString('utf8').trimEnd();
    if (text === 'unpack ok') this.#unpacked = true;
    else if (text === `ok ${this.#ref}`) this.#taken = true;
    else if (text.startsWith('unpack ')) this.#refuse(text.slice('unpack '.length));
    else if (text.startsWith(`ng ${this.#ref} `)) this.#refuse(text.slice(this.#ref.length + 4));
    else if (text.startsWith('ERR ')) this.#refuse(text.slice('ERR '.length));
  }

  end(): Refusal | null {
    this.#inner.end();
    if (this.#refusal !== null) return { reason: this.#refusal, said: oneLine(this.#said) };
    if (!this.#unpacked || !this.#taken) throw badPack('no report of what became of it');
    return null;
  }

  #refuse(reason: string): void {
    this.#refusal ??= oneLine(reason);
  }
}

function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_REASON_CHARS);
}
