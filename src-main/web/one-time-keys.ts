import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../core/shared/clock.ts';

/** 256 bits: nobody guesses one. */
const KEY_BYTES = 32;

interface Entry<V> {
  readonly digest: Buffer;
  readonly value: V;
  readonly expiresAt: number;
}

/** Random keys that open once and only for a while. Kept as digests, compared in constant time. */
export class OneTimeKeys<V> {
  readonly #clock: Clock;
  readonly #ttlMs: number;
  readonly #max: number;
  #entries: Entry<V>[] = [];

  /** `ttlMs` after its issue a key is void; over `max` open keys the oldest is. */
  constructor(clock: Clock, ttlMs: number, max: number) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
    this.#max = max;
  }

  issue(value: V): string {
    const key = newKey();
    const expiresAt = this.#clock.monotonic() + this.#ttlMs;
    this.#entries = [...this.#open(), { digest: digestOf(key), value, expiresAt }].slice(
      -this.#max,
    );
    return key;
  }

  /** What the key was issued for, once; null for one that is unknown, used or too old. */
  take(key: string): V | null {
    const shown = digestOf(key);
    const open = this.#open();
    const hit = open.find((entry) => timingSafeEqual(entry.digest, shown));
    this.#entries = open.filter((entry) => entry !== hit);
    return hit?.value ?? null;
  }

  #open(): Entry<V>[] {
    const now = this.#clock.monotonic();
    return this.#entries.filter((entry) => entry.expiresAt > now);
  }
}

export function newKey(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}

export function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
