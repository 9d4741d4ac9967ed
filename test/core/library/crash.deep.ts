import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { killSyncs } from './crash.helper.ts';

const KILLS = 200;
const RESULTS = resolve(import.meta.dirname, '../../../test-results');
const seed = Number(process.env['CARREL_SEED'] ?? Date.now() % 2 ** 31);

test(
  `${KILLS} kills: git is whole after each, no byte is lost, the next run goes on`,
  { timeout: 7_200_000 },
  async () => {
    const counted = await killSyncs(KILLS, seed);
    expect(counted.kills).toBe(KILLS);
    expect(counted.halfWritten).toBeGreaterThan(0);
    for (const [job, kills] of Object.entries(counted.byJob))
      expect(kills, job).toBeGreaterThan(10);
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(
      join(RESULTS, 'library-crash.json'),
      `${JSON.stringify({ seed, lost: 0, ...counted }, null, 2)}\n`,
    );
  },
);
