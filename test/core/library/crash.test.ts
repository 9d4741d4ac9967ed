import { expect, test } from 'vitest';
import { killSyncs } from './crash.helper.ts';

const KILLS = 5;

test(
  'killed in the middle of a job: git is whole, no byte is lost, the next run goes on',
  { timeout: 200_000 },
  async () => {
    const counted = await killSyncs(KILLS, 1);
    expect(counted.kills).toBe(KILLS);
    expect(counted.versions).toBeGreaterThan(0);
  },
);
