import { expect, test } from 'vitest';
import { tempDir } from '../../helpers/git-repo.ts';
import { syncs } from './packs-syncs.helper.ts';

test('many syncs leave a few packs, all objects, and nothing for native git to complain about', async () => {
  const temp = tempDir();
  try {
    const counts = await syncs(temp.path, 60);
    expect(counts.mostPacks).toBeLessThanOrEqual(20);
    expect(counts.mostPacks).toBeGreaterThan(1);
    expect(counts.packsInTheEnd).toBeLessThan(60);
    expect(counts.objects).toBeGreaterThan(200);
  } finally {
    temp.remove();
  }
});
