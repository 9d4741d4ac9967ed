import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { fsckStrict } from '../../helpers/git-fsck.ts';
import type { LibraryClient } from '../../helpers/library-rig-client.ts';
import type { Account } from '../../helpers/library-rig-ledger.ts';
import { LibraryRig } from '../../helpers/library-rig.ts';

const JOBS = ['update', 'publish', 'resolve', 'check'] as const;

export interface CrashOrder {
  readonly root: string;
  readonly now: number;
  readonly job: (typeof JOBS)[number];
  /** What is resolved, where something waits. */
  readonly path: string | null;
}

export interface CrashCount extends Account {
  readonly kills: number;
  /** Killed with an intent written and not carried out to its end. */
  readonly halfWritten: number;
  /** Jobs that were quicker than the kill, or left alone to be measured. */
  readonly ended: number;
  readonly byJob: Readonly<Record<CrashOrder['job'], number>>;
}

const FILES = 60;
/** So often one of a kind of job is left alone, to learn how long it takes here and now. */
const MEASURE_EVERY = 8;
/** A little longer than it took: the very end must be reached too. */
const LEEWAY = 1.1;

/** Kills (SIGKILL) a process at random moments of its job, again and again; after each all is whole and the next run goes on. */
export async function killSyncs(kills: number, seed: number): Promise<CrashCount> {
  const rig = await LibraryRig.connected(
    Object.fromEntries(Array.from({ length: FILES }, (_, n) => [pathOf(n), lines(n)])),
    ['ada'],
  );
  const ada = rig.client(0);
  const chance = chances(seed);
  const usual = new Map<CrashOrder['job'], number>();
  const byJob = { update: 0, publish: 0, resolve: 0, check: 0 };
  let [done, halfWritten, ended, round] = [0, 0, 0, 0];
  try {
    while (done < kills) {
      round += 1;
      const job = JOBS[round % JOBS.length] ?? 'update';
      edit(rig, ada, chance, round);
      if (job === 'resolve') await ada.update(rig.tip());
      const [conflict] = await ada.conflicts();
      const order = { root: rig.root, now: ada.now + 1000, job, path: conflict?.path ?? null };
      const measures = Math.floor(round / JOBS.length) % MEASURE_EVERY === 0;
      const wait = measures ? Infinity : (usual.get(job) ?? Infinity) * LEEWAY * chance();
      rig.ledger.begin(ada);
      const took = await killOne(order, wait);
      // Nothing is lost at the moment of the kill, before anything is taken up again.
      rig.ledger.end(ada);
      fsckStrict(ada.dirs.library);
      fsckStrict(rig.bare);
      if (took === null) {
        done += 1;
        byJob[job] += 1;
        if (existsSync(join(ada.dirs.journal, 'library.json'))) halfWritten += 1;
      } else {
        ended += 1;
        usual.set(job, took);
      }
      await goOn(rig, ada);
    }
    return { kills: done, halfWritten, ended, byJob, ...rig.account() };
  } finally {
    rig.close();
  }
}

/** Milliseconds that the job took where it was quicker than the kill; else null. */
async function killOne(order: CrashOrder, wait: number): Promise<number | null> {
  const child = fork(join(import.meta.dirname, 'crash.child.helper.ts'), [], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.on('data', (data) => (complaint += String(data)));
  try {
    const dead = once(child, 'exit');
    expect(await said(child), complaint).toBe('ready');
    child.send(order);
    expect(await said(child), complaint).toBe('begins');
    const began = performance.now();
    const timer = wait === Infinity ? null : setTimeout(() => child.kill('SIGKILL'), wait);
    const end = await Promise.race([said(child), dead.then(() => null)]);
    if (timer) clearTimeout(timer);
    if (end === null) return null;
    expect(end, complaint).toBe('done');
    return performance.now() - began;
  } finally {
    child.kill('SIGKILL');
  }
}

async function said(child: ChildProcess): Promise<unknown> {
  const [message] = (await once(child, 'message')) as [unknown];
  return message;
}

/** A new process takes up what was left, and can do everything again. */
async function goOn(rig: LibraryRig, ada: LibraryClient): Promise<void> {
  await ada.open();
  expect(existsSync(join(ada.dirs.journal, 'library.json'))).toBe(false);
  fsckStrict(ada.dirs.library);
  await ada.update(rig.tip());
  for (const { path } of await ada.conflicts()) await ada.resolve(path, { kind: 'mine' });
  expect((await ada.publish({ allowDeletions: true })).waitsFor).toBeNull();
  expect(ada.files()).toEqual(rig.files());
}

/** Both sides write: different files, the same file in different lines, and the same line. */
function edit(rig: LibraryRig, ada: LibraryClient, chance: () => number, round: number): void {
  const some = () => Math.floor(chance() * FILES);
  const theirs: Record<string, string> = {};
  for (let n = 0; n < 12; n += 1) {
    const at = some();
    theirs[pathOf(at)] = lines(at).replace('line 7', `of the team in ${round}`);
  }
  const shared = some();
  theirs[pathOf(shared)] = lines(shared).replace('line 2', `of the team in ${round}`);
  rig.push(theirs);
  for (let n = 0; n < 12; n += 1) {
    const at = some();
    ada.put(pathOf(at), lines(at).replace('line 2', `of ada in ${round}`));
  }
  ada.put(pathOf(shared), lines(shared).replace('line 2', `of ada in ${round}`));
  ada.put(`own/${round}.md`, `of ada in ${round}\n`);
}

function pathOf(n: number): string {
  return `f/${n % 7}/${n}.md`;
}

function lines(n: number): string {
  return Array.from({ length: 10 }, (_, line) => `line ${line} of ${n}\n`).join('');
}

/** Mulberry32: the same seed, the same numbers from 0 to 1. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
