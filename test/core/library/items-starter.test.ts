import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fsck, openLibrary } from '../../helpers/git-library.ts';
import { tempDir } from '../../helpers/git-repo.ts';

describe('the bundled starter library', () => {
  const starterDir = resolve(import.meta.dirname, '../../../assets/starter-library');

  test('is there', () => expect(existsSync(join(starterDir, 'carrel.yaml'))).toBe(true));

  test('becomes one commit, the same in every workspace, without a problem', async () => {
    const other = tempDir();
    const rigs = ['one', 'two'].map((name) => openLibrary(join(other.path, name), { starterDir }));
    try {
      const versions = [];
      for (const each of rigs) {
        const { status } = await each.service.connect({ kind: 'starter' });
        expect(status).toMatchObject({ url: null, edited: 0, state: { kind: 'idle' } });
        versions.push(status.version);
        fsck(each.dirs);
        expect(await each.service.log(5)).toHaveLength(1);
        expect((await each.service.update()).summary.state).toBe('unchanged');
      }
      expect(new Set(versions).size).toBe(1);
      const items = (await rigs[0]?.service.items()) ?? [];
      const count = (kind: string) => items.filter((item) => item.kind === kind).length;
      expect(items.filter(({ problems }) => problems.length > 0)).toEqual([]);
      expect(count('prompt')).toBeGreaterThanOrEqual(12);
      expect(count('agent')).toBeGreaterThanOrEqual(6);
      expect(count('skill')).toBeGreaterThanOrEqual(2);
      expect(count('knowledge')).toBeGreaterThanOrEqual(1);
    } finally {
      for (const each of rigs) each.close();
      other.remove();
    }
  });

  test('says so where it is missing, and leaves nothing', async () => {
    const other = tempDir();
    const none = openLibrary(join(other.path, 'workspace'));
    try {
      await expect(none.service.connect({ kind: 'starter' })).rejects.toMatchObject({
        code: 'library/no-starter',
      });
      expect(existsSync(none.dirs.library)).toBe(false);
      await expect(none.service.update()).rejects.toMatchObject({ code: 'library/none' });
      expect(await none.service.items()).toEqual([]);
    } finally {
      none.close();
      other.remove();
    }
  });
});
