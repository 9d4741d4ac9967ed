import { AppError } from '../../src-contract/app-error.ts';
import type { CallName, Input, Output, StreamEvent, StreamName } from '../../src-contract/index.ts';
import { attach, readAttachFile, type AttachedEngine } from '../../src-main/shell/attach.ts';

/** A client of a running engine over its local socket, as the terminal is one. */
export class EngineUser {
  readonly #attached: AttachedEngine;
  #isOpen = true;

  private constructor(attached: AttachedEngine) {
    this.#attached = attached;
  }

  /** Null where no engine listens. */
  static async attach(file: string): Promise<EngineUser | null> {
    const info = readAttachFile(file);
    const attached = info && (await attach(info));
    return attached && new EngineUser(attached);
  }

  /** False once it was closed. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Throws `AppError`. */
  async call<K extends CallName>(route: K, input: Input<K>): Promise<Output<K>> {
    const result = await this.#attached.client.call(route, input);
    if (result.ok) return result.value as Output<K>;
    throw AppError.fromShape(result.error);
  }

  /** Runs a stream to its end and gives all its events. Throws `AppError`. */
  async stream<K extends StreamName>(route: K, input: Input<K>): Promise<StreamEvent<K>[]> {
    const got: StreamEvent<K>[] = [];
    const { end } = this.#attached.client.stream(route, input, (events) => {
      for (const event of events) got.push(event as StreamEvent<K>);
    });
    const result = await end;
    if (result.ok) return got;
    throw AppError.fromShape(result.error);
  }

  close(): void {
    this.#isOpen = false;
    this.#attached.close();
  }
}
