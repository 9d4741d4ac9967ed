import { statfs } from 'node:fs/promises';
import { bytesInWords, makeCheck } from './make-check.ts';
import type { HealthSource } from './ports.ts';

/** Below it a large folder added to Knowledge, or an update of the system, may fill the disk. */
const WARN_FREE_BYTES = 2_000_000_000;
/** Below it a copy of the store before a migration may not fit. */
const FAIL_FREE_BYTES = 200_000_000;

/** Bytes that this user may still write to the disk of a folder. */
export type FreeBytes = (dir: string) => Promise<number>;

export const freeBytes: FreeBytes = async (dir) => {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
};

export function diskChecks(dataDir: string, free: FreeBytes): HealthSource {
  return {
    checks: async () => {
      const bytes = await free(dataDir);
      const shown = { id: 'disk', title: 'Free space', value: bytes, unit: 'bytes' };
      const message = `${bytesInWords(bytes)} are free on the disk of the data directory.`;
      if (bytes >= WARN_FREE_BYTES) return [makeCheck({ ...shown, state: 'ok', message })];
      const state = bytes < FAIL_FREE_BYTES ? 'fail' : 'warn';
      const remedy = 'Free some space: Carrel stores nothing half when it runs out, but stops.';
      return [makeCheck({ ...shown, state, message, remedy })];
    },
  };
}
