/** Where no frame comes (a hidden window), new text is still taken in so often, in milliseconds. */
const WITHOUT_FRAMES_MS = 100;

/** Calls `flush` once per frame while there is something new; by a timer where no frames are drawn. */
export class Pacer {
  readonly #flush: () => void;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting = false;

  constructor(flush: () => void) {
    this.#flush = flush;
  }

  request(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#frame = requestAnimationFrame(() => this.flush());
    this.#timer = setTimeout(() => this.flush(), WITHOUT_FRAMES_MS);
  }

  /** Now, and not again for what was asked until now. */
  flush(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    if (!this.#waiting) return;
    this.#waiting = false;
    this.#flush();
  }
}
