import { connectionCut, stalled, tooLarge } from '../../errors.ts';
import type { SshRemote } from '../../ssh/ssh-address.ts';
import type { GitChannel } from '../../ssh/git-channel.ts';
import { meaningOf, printable } from '../../ssh/server-words.ts';
import { remoteSaid, sshBanner } from '../../ssh/ssh-errors.ts';
import { FLUSH } from './transport.ts';

/** Bytes that go out in one piece; between two the idle limit starts anew. */
const PIECE_BYTES = 64 * 1024;
/** Milliseconds that a program which was told to end may take. */
const FAREWELL_MS = 2_000;

export interface ConversationDeps {
  readonly channel: GitChannel;
  readonly remote: SshRemote;
  readonly limits: { readonly idleMs: number; readonly maxBytes: number };
  readonly signal: AbortSignal;
  /** Bytes just received. */
  readonly onBytes: (bytes: number) => void;
}

/** One run of git's program on a server: its refs first, then one request and its answer. */
export class SshConversation {
  readonly #deps: ConversationDeps;
  readonly #stdout: AsyncIterator<Buffer>;
  #buffer: Buffer = Buffer.alloc(0);
  #refs: Buffer | null = null;
  #received = 0;
  #isOpen = true;
  #failure: unknown = null;
  #timer: NodeJS.Timeout | undefined;
  readonly #onAbort = (): void => this.#stop(this.#deps.signal.reason);

  constructor(deps: ConversationDeps) {
    this.#deps = deps;
    this.#stdout = deps.channel.stdout[Symbol.asyncIterator]();
    deps.signal.addEventListener('abort', this.#onAbort, { once: true });
    if (deps.signal.aborted) this.#onAbort();
    void deps.channel.ended.then(() => {
      this.#isOpen = false;
      deps.signal.removeEventListener('abort', this.#onAbort);
    });
  }

  /** Whether the program still waits for a request. */
  isOpen(): boolean {
    return this.#isOpen;
  }

  /** What the program tells of its refs, up to its flush. Asked again, the same. */
  async readRefs(): Promise<Buffer> {
    if (this.#refs) return this.#refs;
    return this.#guarded(async () => {
      let end = 0;
      for (;;) {
        await this.#fill(end + 4);
        const digits = this.#buffer.toString('latin1', end, end + 4);
        if (!/^[0-9a-f]{4}$/i.test(digits)) throw await this.#notGit();
        const length = Number.parseInt(digits, 16);
        if (length < 4) break;
        await this.#fill(end + length);
        const line = this.#buffer.subarray(end + 4, end + length);
        if (line.toString('latin1', 0, 4) === 'ERR ') {
          throw remoteSaid(this.#deps.remote.url, printable(line.toString('utf8', 4)));
        }
        end += length;
      }
      this.#refs = this.#buffer.subarray(0, end + 4);
      this.#buffer = this.#buffer.subarray(end + 4);
      return this.#refs;
    });
  }

  /** Sends the request, says that there is no more, and gives the whole answer. */
  async exchange(body: Buffer): Promise<readonly Buffer[]> {
    return this.#guarded(async () => {
      const sent = this.#send(body);
      const parts: Buffer[] = [this.#buffer];
      for (let part = await this.#next(); part; part = await this.#next()) parts.push(part);
      await sent;
      const end = await this.#deps.channel.ended;
      if (this.#failure !== null) throw this.#failure;
      // A server may close without telling how the program ended; what arrived is checked by who reads it.
      const isFine = end.code === 0 || (end.code === null && !end.isLost);
      if (!isFine) throw meaningOf(end, this.#deps.remote.url, this.#deps.remote.host);
      return parts;
    });
  }

  /** Ends the program without a request. Never rejects. */
  async leave(): Promise<void> {
    const { channel } = this.#deps;
    if (!this.#isOpen) return;
    const timer = setTimeout(() => channel.kill(), FAREWELL_MS);
    channel.stdin.end(FLUSH);
    channel.stdout.resume();
    await channel.ended;
    clearTimeout(timer);
  }

  async #send(body: Buffer): Promise<void> {
    const { stdin, ended } = this.#deps.channel;
    for (let at = 0; at < body.length && this.#isOpen; at += PIECE_BYTES) {
      const piece = body.subarray(at, at + PIECE_BYTES);
      // The end of the program also ends the waiting: what it did not take, its end explains.
      const written = new Promise<void>((resolve) => stdin.write(piece, () => resolve()));
      await Promise.race([written, ended]);
      this.#wind();
    }
    if (this.#isOpen) stdin.end();
  }

  /** Runs a step under the idle limit; an error ends the program. */
  async #guarded<T>(step: () => Promise<T>): Promise<T> {
    this.#wind();
    try {
      return await step();
    } catch (error) {
      this.#stop(error);
      throw this.#failure;
    } finally {
      clearTimeout(this.#timer);
    }
  }

  #wind(): void {
    clearTimeout(this.#timer);
    const { limits, remote } = this.#deps;
    this.#timer = setTimeout(() => this.#stop(stalled(remote.host)), limits.idleMs);
  }

  #stop(reason: unknown): void {
    this.#failure ??= reason;
    this.#deps.channel.kill();
  }

  /** The next piece of the output; null at its end. */
  async #next(): Promise<Buffer | null> {
    const { limits, onBytes, remote } = this.#deps;
    let piece: IteratorResult<Buffer>;
    try {
      piece = await this.#stdout.next();
    } catch (error) {
      throw this.#failure ?? connectionCut(remote.host, error);
    }
    if (this.#failure !== null) throw this.#failure;
    if (piece.done) return null;
    this.#wind();
    this.#received += piece.value.length;
    onBytes(piece.value.length);
    if (this.#received > limits.maxBytes) throw tooLarge('bytes in one answer');
    return piece.value;
  }

  /** Reads until the buffer holds so many bytes. */
  async #fill(bytes: number): Promise<void> {
    while (this.#buffer.length < bytes) {
      const piece = await this.#next();
      if (!piece) throw await this.#tooShort();
      this.#buffer = Buffer.concat([this.#buffer, piece]);
    }
  }

  async #tooShort(): Promise<unknown> {
    const { channel, remote } = this.#deps;
    const end = await channel.ended;
    const isMoreThanNothing = this.#buffer.length > 0 && !/^[0-9a-f]{1,4}/i.test(this.#text());
    if (isMoreThanNothing) return this.#notGit();
    if (end.code === 0 || (end.code === null && !end.isLost)) return connectionCut(remote.host);
    return meaningOf(end, remote.url, remote.host);
  }

  /** A text where Git's answer should be: the start-up files of a shell, or a login that is not for programs. */
  async #notGit(): Promise<unknown> {
    return sshBanner(this.#deps.remote.host, printable(this.#text()).slice(0, 200));
  }

  #text(): string {
    return this.#buffer.toString('utf8', 0, 1_000);
  }
}
