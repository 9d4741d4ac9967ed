import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'vitest';
import { tempDir } from '../../helpers/git-repo.ts';
import { everyRoundTrip } from './exchange-round-trip.helper.ts';

const RUNS = 3_000;
const RESULTS = resolve(import.meta.dirname, '../../../test-results');

test(
  `${RUNS} random items go through other programs' formats and back`,
  { timeout: 600_000 },
  () => {
    const temp = tempDir();
    try {
      everyRoundTrip(temp.path, RUNS);
    } finally {
      temp.remove();
    }
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(
      join(RESULTS, 'library-exchange.json'),
      `${JSON.stringify({ roundTrips: RUNS, lost: 0 })}\n`,
    );
  },
);
