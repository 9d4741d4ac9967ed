import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test, vi } from 'vitest';
import { tempDir } from '../../helpers/git-repo.ts';
import { syncs } from './packs-syncs.helper.ts';

vi.setConfig({ testTimeout: 1_200_000 });

const SYNCS = 1_000;
const MOST_PACKS = 20;
const RESULTS = resolve(import.meta.dirname, '../../../test-results');

test('1,000 syncs leave at most 20 packs, at any time', async () => {
  const temp = tempDir();
  try {
    const counts = await syncs(temp.path, SYNCS);
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(join(RESULTS, 'library-syncs.json'), `${JSON.stringify(counts, null, 2)}\n`);
    expect(counts.mostPacks).toBeLessThanOrEqual(MOST_PACKS);
    expect(counts.looseInTheEnd).toBeLessThan(1_000);
  } finally {
    temp.remove();
  }
});
