import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test, vi } from 'vitest';
import { git, tempDir } from '../../helpers/git-repo.ts';
import { crashes, type Crashes } from './packs-crash.helper.ts';

vi.setConfig({ testTimeout: 1_200_000 });

const STORES = 5;
const KILLS = 20;
const RESULTS = resolve(import.meta.dirname, '../../../test-results');

test('100 kills while packs are placed and put together', async () => {
  const all: Crashes[] = [];
  for (let n = 0; n < STORES; n += 1) {
    const temp = tempDir();
    try {
      const gitdir = join(temp.path, 'store');
      git(temp.path, 'init', '-q', '--bare', gitdir);
      all.push(await crashes(gitdir, KILLS, Math.random));
    } finally {
      temp.remove();
    }
  }
  const sum = (of: keyof Crashes): number => all.reduce((total, each) => total + each[of], 0);
  const counts = {
    kills: STORES * KILLS,
    inTheMiddle: sum('inTheMiddle'),
    packsTaken: sum('taken'),
    objectsReadAgain: sum('objectsRead'),
    lost: 0,
  };
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, 'library-pack-crashes.json'), `${JSON.stringify(counts, null, 2)}\n`);
  expect(counts.inTheMiddle).toBeGreaterThan(10);
});
