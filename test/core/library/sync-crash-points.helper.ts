import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { AppError } from '../../../src-contract/app-error.ts';
import { fsckStrict } from '../../helpers/git-fsck.ts';
import { LibraryClient } from '../../helpers/library-rig-client.ts';
import { dieAtStep } from '../../helpers/library-rig-disk.ts';
import { Ledger } from '../../helpers/library-rig-ledger.ts';
import { quickDir } from '../../helpers/library-rig-quick.ts';
import { LibraryRig } from '../../helpers/library-rig.ts';
import { lines } from './sync-library.helper.ts';

/** A job and what is there before it. */
export interface Situation {
  readonly name: string;
  readonly prepare: (rig: LibraryRig, ada: LibraryClient) => Promise<void>;
  readonly job: (rig: LibraryRig, ada: LibraryClient) => Promise<unknown>;
}

const FIRST: Readonly<Record<string, string>> = {
  'carrel.yaml': 'format: 1\nname: Crash\n',
  'queue-merges.md': lines({}),
  'queue-clashes.md': lines({}),
  'dirty-merges.md': lines({}),
  'dirty-clashes.md': lines({}),
  'team-deletes.md': 'to be deleted by the team\n',
  'mine-deletes.md': 'to be deleted here\n',
  swap: 'a file that becomes a folder\n',
  ...Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`f/${n}.md`, `filler ${n}\n`])),
};

/** A queue of two, edits of all kinds on top, and a newer version of the team. */
async function everything(rig: LibraryRig, ada: LibraryClient): Promise<void> {
  ada.put('queue-merges.md', lines({ 1: 'of the queue' }));
  ada.put('queue-clashes.md', lines({ 4: 'of the queue' }));
  await rig.away(() => ada.publish({ message: 'First of mine' }));
  ada.put('queue-clashes.md', lines({ 4: 'of the queue', 8: 'and more' }));
  ada.put('queued.md', 'new in the queue\n');
  await rig.away(() => ada.publish({ message: 'Second of mine' }));
  ada.put('dirty-merges.md', lines({ 1: 'of ada' }));
  ada.put('dirty-clashes.md', lines({ 4: 'of ada' }));
  ada.put('own.md', 'of ada\n');
  ada.remove('mine-deletes.md');
  rig.push({ swap: null, 'team-deletes.md': null });
  rig.push({
    'queue-merges.md': lines({ 8: 'of the team' }),
    'queue-clashes.md': lines({ 4: 'of the team' }),
    'dirty-merges.md': lines({ 8: 'of the team' }),
    'dirty-clashes.md': lines({ 4: 'of the team' }),
    'swap/inner.md': 'in a folder\n',
    'new/deep/er.md': 'new\n',
    'f/0.md': 'changed\n',
  });
}

async function inConflict(rig: LibraryRig, ada: LibraryClient): Promise<void> {
  await everything(rig, ada);
  await ada.update(rig.tip());
}

export const situations: readonly Situation[] = [
  {
    name: 'clone',
    prepare: async (_rig, ada) => {
      for (const dir of Object.values(ada.dirs)) rmSync(dir, { recursive: true, force: true });
      ada.put('own.md', 'of ada\n');
      ada.put('f/0.md', 'was here\n');
    },
    job: (rig, ada) => ada.connect(rig.bare),
  },
  { name: 'update', prepare: everything, job: (rig, ada) => ada.update(rig.tip()) },
  {
    name: 'publish',
    prepare: everything,
    job: async (rig, ada) => {
      // What the team deletes was looked at before.
      await ada.publish({ message: 'Third of mine', allowDeletions: true });
      await ada.update(rig.tip());
    },
  },
  {
    name: 'resolve with theirs',
    prepare: inConflict,
    job: (_rig, ada) => ada.resolve('dirty-clashes.md', { kind: 'theirs' }),
  },
  {
    name: 'resolve with mine',
    prepare: inConflict,
    job: (_rig, ada) => ada.resolve('queue-clashes.md', { kind: 'mine' }),
  },
  {
    name: 'resolve with a text',
    prepare: inConflict,
    job: (_rig, ada) => ada.resolve('dirty-clashes.md', { kind: 'text', text: 'of both\n' }),
  },
  {
    name: 'discard',
    prepare: inConflict,
    job: (_rig, ada) => ada.discard('dirty-merges.md'),
  },
  {
    name: 'rollback',
    prepare: inConflict,
    job: (rig, ada) => ada.rollback(oldest(rig)),
  },
];

function oldest(rig: LibraryRig): string {
  return rig.versions().at(-1) ?? '';
}

export interface PointCount {
  /** Changes of the disk that the job makes. */
  readonly steps: number;
  /** Ends of the process that were tried. */
  readonly ends: number;
}

/**
 * Ends the process before every `stride`-th change that a job makes on the disk. After each end no
 * byte is lost, git is whole, and the next runs come to the same as if nothing had happened.
 */
export async function endEverywhere(situation: Situation, stride: number): Promise<PointCount> {
  const rig = await LibraryRig.connected(FIRST, ['ada']);
  const before = quickDir();
  try {
    await situation.prepare(rig, rig.client(0));
    cpSync(rig.root, before.path, { recursive: true });
    const { now } = rig.client(0);
    const counted = await run(Infinity);
    let ends = 0;
    for (let n = 1; n <= counted.steps; n += stride) {
      const { outcome } = await run(n);
      expect(outcome, `${situation.name}, step ${n}`).toEqual(counted.outcome);
      ends += 1;
    }
    return { steps: counted.steps, ends };

    async function run(n: number) {
      for (const name of readdirSync(rig.root)) {
        rmSync(join(rig.root, name), { recursive: true, force: true });
      }
      cpSync(before.path, rig.root, { recursive: true });
      const ada = new LibraryClient('ada', rig.root, new Ledger());
      ada.now = now;
      const watch = new Ledger();
      watch.begin(ada);
      ada.isWatched = false;
      const disk = dieAtStep(join(rig.root, 'ada'), n);
      try {
        await situation.job(rig, ada);
      } catch (error) {
        if (!disk.isDead) throw error;
      } finally {
        await disk.revive();
        ada.isWatched = true;
      }
      watch.end(ada);
      const { steps } = disk;
      return { steps, outcome: await takeUp(rig, ada, situation) };
    }
  } finally {
    before.remove();
    rig.close();
  }
}

/** A new process: it recovers, the person does the same again, and updates. */
async function takeUp(rig: LibraryRig, ada: LibraryClient, situation: Situation) {
  await ada.open();
  expect(existsSync(join(ada.dirs.journal, 'library.json'))).toBe(false);
  if (existsSync(ada.dirs.library)) fsckStrict(ada.dirs.library);
  try {
    await situation.job(rig, ada);
  } catch (error) {
    // It was done already.
    if (!(error instanceof AppError) || error.code !== 'library/not-in-conflict') throw error;
  }
  const { summary, unsent } = await ada.update(rig.tip());
  fsckStrict(ada.dirs.library);
  fsckStrict(rig.bare);
  return {
    unsent,
    conflicts: summary.conflicts,
    files: ada.files(),
    remote: rig.files(),
    messages: rig.messages(),
  };
}
