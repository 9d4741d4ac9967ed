/** Keeps what was used last, up to so many bytes together; always the newest one. */
export class SizedCache<Key, Value> {
  readonly #limit: number;
  readonly #sizeOf: (value: Value) => number;
  readonly #kept = new Map<Key, Value>();
  #bytes = 0;

  constructor(limit: number, sizeOf: (value: Value) => number) {
    this.#limit = limit;
    this.#sizeOf = sizeOf;
  }

  get(key: Key): Value | undefined {
    const found = this.#kept.get(key);
    if (found !== undefined) {
      // The last used is the last in the map.
      this.#kept.delete(key);
      this.#kept.set(key, found);
    }
    return found;
  }

  set(key: Key, value: Value): void {
    this.#remove(key);
    this.#kept.set(key, value);
    this.#bytes += this.#sizeOf(value);
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#limit || oldest === key) break;
      this.#remove(oldest);
    }
  }

  clear(): void {
    this.#kept.clear();
    this.#bytes = 0;
  }

  #remove(key: Key): void {
    const found = this.#kept.get(key);
    if (found === undefined) return;
    this.#kept.delete(key);
    this.#bytes -= this.#sizeOf(found);
  }
}
