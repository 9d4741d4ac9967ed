import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { endEverywhere, situations, type PointCount } from './sync-crash-points.helper.ts';

const RESULTS = resolve(import.meta.dirname, '../../../test-results');
const counts: Record<string, PointCount> = {};

test.each(situations)(
  '$name: ended at every step, it is taken up',
  { timeout: 3_600_000 },
  async (situation) => {
    const counted = await endEverywhere(situation, 1);
    expect(counted.ends).toBe(counted.steps);
    counts[situation.name] = counted;
  },
);

afterAll(() => {
  mkdirSync(RESULTS, { recursive: true });
  const text = `${JSON.stringify({ lost: 0, jobs: counts }, null, 2)}\n`;
  writeFileSync(join(RESULTS, 'library-crash-points.json'), text);
});
