import { cancelled } from './errors.ts';

/** One job per collection at a time; others wait for their turn. */
export class CollectionLocks {
  readonly #last = new Map<string, Promise<void>>();
  readonly #running = new Map<string, number>();
  readonly #controllers = new Map<string, Set<AbortController>>();

  /** Something runs or waits for the collection. */
  isBusy(collection: string): boolean {
    return (this.#running.get(collection) ?? 0) > 0;
  }

  /** Runs `work` when it is the collection's turn. Its signal aborts with the caller's, or by `stop`: `knowledge/cancelled`. */
  async run<T>(
    collection: string,
    signal: AbortSignal | null,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController();
    const controllers = this.#controllers.get(collection) ?? new Set<AbortController>();
    this.#controllers.set(collection, controllers.add(controller));
    this.#running.set(collection, (this.#running.get(collection) ?? 0) + 1);
    const before = this.#last.get(collection) ?? Promise.resolve();
    const both = signal ? AbortSignal.any([signal, controller.signal]) : controller.signal;
    const result = before.then(() => {
      both.throwIfAborted();
      return work(both);
    });
    this.#last.set(
      collection,
      result.then(
        () => undefined,
        () => undefined,
      ),
    );
    try {
      return await result;
    } catch (error) {
      throw both.aborted ? cancelled() : error;
    } finally {
      controllers.delete(controller);
      const left = (this.#running.get(collection) ?? 1) - 1;
      if (left > 0) this.#running.set(collection, left);
      else {
        this.#running.delete(collection);
        this.#last.delete(collection);
        this.#controllers.delete(collection);
      }
    }
  }

  /** Ends what runs and waits for a collection. */
  stop(collection: string): void {
    for (const controller of this.#controllers.get(collection) ?? []) controller.abort();
  }

  /** Ends everything and waits for it. */
  async stopAll(): Promise<void> {
    for (const collection of this.#controllers.keys()) this.stop(collection);
    await Promise.all(this.#last.values());
  }
}
