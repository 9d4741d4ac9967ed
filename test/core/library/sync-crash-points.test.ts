import { expect, test } from 'vitest';
import { endEverywhere, situations } from './sync-crash-points.helper.ts';

/** A prime, so that the points differ from job to job. */
const STRIDE = 61;

test.each(situations)('$name: ended at some of its steps, it is taken up', async (situation) => {
  const { steps, ends } = await endEverywhere(situation, STRIDE);
  expect(steps).toBeGreaterThan(3);
  expect(ends).toBe(Math.ceil(steps / STRIDE));
});
