import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { git, tempDir } from '../../helpers/git-repo.ts';
import { crashes } from './packs-crash.helper.ts';

vi.setConfig({ testTimeout: 100_000 });

test('killed while packs are placed and put together: native git finds no fault, nothing durable is lost', async () => {
  const temp = tempDir();
  try {
    const gitdir = join(temp.path, 'store');
    git(temp.path, 'init', '-q', '--bare', gitdir);
    const counts = await crashes(gitdir, 6, Math.random);
    expect(counts.taken).toBeGreaterThan(6);
    expect(counts.objectsRead).toBeGreaterThan(20);
  } finally {
    temp.remove();
  }
});
