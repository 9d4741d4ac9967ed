import { stat } from 'node:fs/promises';
import { AppError } from '../../../src-contract/app-error.ts';
import type { Check } from '../../../src-contract/health.ts';
import { integrityProblems, type EncryptedDb } from '../../db/open.ts';
import { toStoreError } from '../../db/store-error.ts';
import type { Clock } from '../shared/clock.ts';
import { isMissing } from '../shared/private-file.ts';
import { bytesInWords, makeCheck } from './make-check.ts';
import type { HealthSource } from './ports.ts';

export interface StoreChecksDeps {
  readonly db: EncryptedDb;
  /** Path of store.db; only its size is asked for: reading it here would drop SQLite's locks. */
  readonly file: string;
  readonly clock: Clock;
}

/** Checking reads and decrypts every page while nothing else can run: 16 MB take a tenth of a second. */
const MAX_CHECKED_BYTES = 16 * 1024 * 1024;
/** A disk does not go bad between two looks of a person. */
const CHECK_AGAIN_MS = 10 * 60_000;

/** Says whether the store answers, how large it is, and whether its pages are whole. */
export class StoreChecks implements HealthSource {
  readonly #deps: StoreChecksDeps;
  #checkedAt: number | null = null;
  #problems: readonly string[] = [];

  constructor(deps: StoreChecksDeps) {
    this.#deps = deps;
  }

  async checks(): Promise<readonly Check[]> {
    const bytes = await this.bytes();
    const last = this.#checkedAt;
    const isDue = last === null || this.#deps.clock.monotonic() - last >= CHECK_AGAIN_MS;
    if (isDue && bytes <= MAX_CHECKED_BYTES) this.checkIntegrity();
    return [this.#answers(bytes), this.#integrity()];
  }

  /** Size of the store with its write-ahead log. */
  async bytes(): Promise<number> {
    const sizes = await Promise.all(['', '-wal'].map((end) => sizeOf(this.#deps.file + end)));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Checks every page now, whatever the size; blocks for about half a second per 100 MB. Empty where all is well. */
  checkIntegrity(): readonly string[] {
    this.#problems = integrityProblems(this.#deps.db);
    this.#checkedAt = this.#deps.clock.monotonic();
    return this.#problems;
  }

  #answers(bytes: number): Check {
    const shown = { id: 'store', title: 'Store', value: bytes, unit: 'bytes' };
    try {
      this.#deps.db.prepare('SELECT count(*) FROM sqlite_master').get();
      return makeCheck({ ...shown, state: 'ok', message: `Open, ${bytesInWords(bytes)}.` });
    } catch (error) {
      const known = error instanceof AppError ? error : toStoreError(error);
      return makeCheck({
        ...shown,
        state: 'fail',
        message: known?.message ?? `The store does not answer (${String(error)}).`,
        remedy: known?.remedy ?? 'Start Carrel again; if it stays, restore a snapshot.',
      });
    }
  }

  #integrity(): Check {
    const shown = { id: 'store.integrity', title: 'Integrity of the store' };
    const [first] = this.#problems;
    if (first !== undefined) {
      return makeCheck({
        ...shown,
        state: 'fail',
        value: this.#problems.length,
        unit: 'problems',
        message: `A part of the store on disk is damaged (${first}).`,
        remedy: 'Restore a snapshot or a copy from backups/. The damaged file is kept as it is.',
      });
    }
    const message =
      this.#checkedAt === null
        ? 'Not checked since the start: the store is too large to check while you work. Each page is verified when it is read.'
        : 'Every page is whole.';
    return makeCheck({ ...shown, state: 'ok', message });
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}
