/**
 * Hands events on in order to a receiver that may be slow. What a worker reports can't be held back,
 * so it is kept here; the producer waits for `drained` between its batches.
 */
export class Outbox<E> {
  readonly #send: (event: E) => Promise<void>;
  #chain: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | null = null;

  constructor(send: (event: E) => Promise<void>) {
    this.#send = send;
  }

  put(event: E): void {
    this.#chain = this.#chain.then(async () => {
      if (this.#failure) return;
      try {
        await this.#send(event);
      } catch (error) {
        this.#failure = { error };
      }
    });
  }

  /** When everything was taken. Throws what the receiver threw. */
  async drained(): Promise<void> {
    await this.#chain;
    if (this.#failure) throw this.#failure.error;
  }
}
