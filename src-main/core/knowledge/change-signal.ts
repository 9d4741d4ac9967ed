import type { ChangeBus } from '../shared/change-bus.ts';

/** While files are being indexed, screens read their list again at most so often. */
const THROTTLE_MS = 500;

/** Says that knowledge changed: at once the first time, then at most twice a second, and never loses the last one. */
export class ChangeSignal {
  readonly #bus: ChangeBus;
  #timer: NodeJS.Timeout | null = null;
  #again = false;

  constructor(bus: ChangeBus) {
    this.#bus = bus;
  }

  changed(): void {
    if (this.#timer) {
      this.#again = true;
      return;
    }
    this.#bus.changed('knowledge');
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (!this.#again) return;
      this.#again = false;
      this.changed();
    }, THROTTLE_MS).unref();
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
