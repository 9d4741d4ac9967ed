import type { LibraryDirs } from '../../../src-main/core/library/git-jobs.ts';
import { item } from '../../../src-main/core/library/jobs/items/item.ts';
import { items } from '../../../src-main/core/library/jobs/items/items.ts';
import { remove } from '../../../src-main/core/library/jobs/items/remove.ts';
import { rename } from '../../../src-main/core/library/jobs/items/rename.ts';
import { restore } from '../../../src-main/core/library/jobs/items/restore.ts';
import { save } from '../../../src-main/core/library/jobs/items/save.ts';
import { trash } from '../../../src-main/core/library/jobs/items/trash.ts';
import { bodyOf, idOf } from './edit-crash.helper.ts';

/** Edits a library without end, by chance, until somebody kills it. Tells after each step. */
const dirs = JSON.parse(process.argv[2] ?? '') as LibraryDirs;
const heads = new Map();
let seed = Number(process.argv[3]);

function chance(below: number): number {
  // A small linear congruence: the same seed, the same edits.
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((seed / 2_147_483_648) * below);
}

function step(n: number): void {
  const all = items({ dirs, kind: null }, heads).filter(({ state }) => state !== 'deleted');
  const kept = trash({ dirs });
  const path = all[chance(all.length)]?.path;
  const isSkill = path?.startsWith('skills/') ?? false;
  switch (path === undefined ? 3 : chance(5)) {
    case 0: {
      const detail = item({ dirs, path: path ?? '' }, heads);
      const source = detail?.source ?? '';
      const head = /^---\n[^]*?\n---\n/.exec(source)?.[0] ?? '';
      const content = head + bodyOf(idOf(source), n);
      save({ dirs, path: path ?? '', content, expect: detail?.oid ?? null });
      return;
    }
    case 1:
    case 2: {
      const to = isSkill
        ? `skills/s${chance(1_000)}/SKILL.md`
        : `prompts/${chance(9)}/${chance(1_000)}.prompt.md`;
      rename({ dirs, from: path ?? '', to });
      return;
    }
    case 3: {
      const entry = kept[chance(kept.length)];
      if (entry) restore({ dirs, id: entry.id });
      return;
    }
    default:
      remove({ dirs, path: path ?? '', now: n });
  }
}

for (let n = 0; ; n += 1) {
  try {
    step(n);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    // A place that chance chose twice, a skill that is only half there after a kill.
    if (code !== 'library/path-taken' && code !== 'library/unknown-item') throw error;
  }
  process.send?.(n);
  // Lets the message out.
  await new Promise((resolve) => setImmediate(resolve));
}
