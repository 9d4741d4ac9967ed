import type { Topic } from '../../../src-contract/app.ts';

/** Tells every window and terminal which part to read again. Services call `changed`; `app.watch` subscribes. */
export class ChangeBus {
  readonly #listeners = new Set<(topic: Topic) => void>();

  changed(topic: Topic): void {
    for (const listener of this.#listeners) listener(topic);
  }

  subscribe(listener: (topic: Topic) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
