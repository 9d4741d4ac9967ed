import { dirname } from 'node:path';
import { expect } from 'vitest';
import { AppError } from '../../../src-contract/app-error.ts';
import { git } from '../../helpers/git-repo.ts';
import type { LibraryClient } from '../../helpers/library-rig-client.ts';
import { dieAtStep } from '../../helpers/library-rig-disk.ts';
import type { Account } from '../../helpers/library-rig-ledger.ts';
import { LibraryRig } from '../../helpers/library-rig.ts';
import { changed, FIRST, PLACES, textOf, type Choice, type Step } from './sync-script.helper.ts';

type SyncStep = Extract<Step, { readonly do: 'publish' | 'update' }>;

export interface ScriptCount extends Account {
  readonly steps: number;
  readonly conflicts: number;
  /** Ends of a process in the middle of its work. */
  readonly deaths: number;
}

/** Runs a script, lets both persons settle it, and compares and accounts for everything. */
export async function runScript(script: readonly Step[], hasGit: boolean): Promise<ScriptCount> {
  const rig = await LibraryRig.connected(FIRST);
  let count = 0;
  let conflicts = 0;
  let deaths = 0;
  try {
    for (const client of rig.clients) client.hasGit = hasGit;
    for (const step of script) await perform(step);
    await settle();
    const [ada, ben] = [rig.client(0), rig.client(1)];
    expect(ada.files()).toEqual(rig.files());
    expect(ben.files()).toEqual(rig.files());
    return { ...rig.account(), steps: script.length, conflicts, deaths };
  } finally {
    rig.close();
  }

  function fresh(): string {
    return `written ${(count += 1)}\n`;
  }

  async function perform(step: Step): Promise<void> {
    const client = rig.client(step.who);
    switch (step.do) {
      case 'edit':
      case 'append':
      case 'binary':
      case 'line-ends':
      case 'remove':
      case 'discard': {
        const file = pick(client.list(), step.file);
        if (file === undefined) return;
        if (step.do === 'remove') client.remove(file);
        else if (step.do === 'discard') await discard(client, file);
        else client.put(file, changed(step.do, client.bytes(file), step.line, fresh()));
        return;
      }
      case 'add':
        client.put(pick(PLACES, step.place) ?? 'text.md', textOf(fresh().trim()));
        return;
      case 'team':
        teamWrites(pick(PLACES, step.place) ?? 'text.md');
        return;
      case 'rename': {
        const [from, to] = [pick(client.list(), step.file), pick(PLACES, step.place)];
        if (from !== undefined && to !== undefined && isFree(client, to)) client.rename(from, to);
        return;
      }
      case 'publish':
      case 'update':
        if (step.diesAt !== null) await dieIn(client, step, step.diesAt);
        else await workAndEdit(client, step);
        return;
      case 'resolve': {
        const conflict = pick(await client.conflicts(), step.file);
        if (conflict) await resolve(client, conflict.path, step.take);
        return;
      }
      case 'rollback':
        return rollback(client, step.version, step.file);
    }
  }

  /** The process ends in the middle; nothing is lost then, and the next one takes it up. */
  async function dieIn(client: LibraryClient, step: SyncStep, n: number): Promise<void> {
    rig.ledger.begin(client);
    client.isWatched = false;
    const disk = dieAtStep(dirname(client.dirs.files), n);
    try {
      await (step.do === 'publish' ? publish(client, step) : update(client, step));
    } catch (error) {
      if (!disk.isDead) throw error;
      deaths += 1;
    } finally {
      await disk.revive();
      client.isWatched = true;
    }
    rig.ledger.end(client);
    await client.open();
  }

  async function workAndEdit(client: LibraryClient, step: SyncStep): Promise<void> {
    let reports = 0;
    client.hooks.report = () => {
      reports += 1;
      const file = step.meanwhile === null ? undefined : pick(client.list(), step.meanwhile);
      if (file === undefined || reports !== 1 + ((step.meanwhile ?? 0) % 5)) return;
      client.put(file, changed('edit', client.bytes(file), step.meanwhile ?? 0, fresh()));
    };
    await (step.do === 'publish' ? publish(client, step) : update(client, step));
    client.hooks = {};
  }

  async function publish(client: LibraryClient, { isAway, file }: SyncStep) {
    const chosen = file === null ? undefined : pick(client.list(), file);
    const choice = { allowDeletions: true, paths: chosen === undefined ? null : [chosen] };
    const result = isAway
      ? await rig.away(() => client.publish(choice))
      : await client.publish(choice);
    checkSent(isAway, result.waitsFor?.code ?? null);
  }

  async function update(client: LibraryClient, { isAway }: SyncStep): Promise<void> {
    if (isAway) {
      const failed: unknown = await rig
        .away(() => client.update())
        .catch((error: unknown) => error);
      if (!(failed instanceof AppError)) throw failed;
      return;
    }
    const { unsent } = await client.update(rig.tip());
    checkSent(false, unsent?.code ?? null);
  }

  async function rollback(client: LibraryClient, n: Choice, file: Choice | null): Promise<void> {
    const versions = git(client.dirs.library, 'rev-list', 'refs/app/trusted').split('\n');
    const path = file === null ? null : (pick(client.list(), file) ?? null);
    try {
      const { waitsFor } = await client.rollback(pick(versions, n) ?? '', path);
      checkSent(false, waitsFor?.code ?? null);
    } catch (error) {
      // A file of one's own that no version has.
      if (!(error instanceof AppError) || error.code !== 'library/unknown-item') throw error;
    }
  }

  function teamWrites(place: string): void {
    const inTheWay = [...rig.files().keys()].filter(
      (each) => place.startsWith(`${each}/`) || each.startsWith(`${place}/`),
    );
    if (inTheWay.length > 0) rig.push(Object.fromEntries(inTheWay.map((each) => [each, null])));
    rig.push({ [place]: textOf(fresh().trim()) });
  }

  async function resolve(client: LibraryClient, path: string, take: 'mine' | 'theirs' | 'text') {
    conflicts += 1;
    if (take !== 'text') return client.resolve(path, { kind: take });
    try {
      return await client.resolve(path, { kind: 'text', text: fresh() });
    } catch (error) {
      // A text has no place where the other side has a folder.
      if (!(error instanceof AppError)) throw error;
      return client.resolve(path, { kind: 'mine' });
    }
  }

  /** Both take turns until nothing is left to say. */
  async function settle(): Promise<void> {
    for (let round = 0; round < 10; round += 1) {
      for (const client of rig.clients) {
        await client.open();
        await client.update(rig.tip());
        for (let n = 0; n < 50; n += 1) {
          const [conflict] = await client.conflicts();
          if (!conflict) break;
          await resolve(client, conflict.path, round + n === 0 ? 'mine' : 'theirs');
        }
        const { waitsFor } = await client.publish({ allowDeletions: true });
        expect(waitsFor).toBeNull();
      }
      if (await isSettled()) return;
    }
    throw new Error('it does not come to rest');
  }

  async function isSettled(): Promise<boolean> {
    const tip = rig.tip();
    for (const client of rig.clients) {
      const overview = await client.open();
      if (!overview || overview.version !== tip || overview.conflicts + overview.queued > 0) {
        return false;
      }
      if ((await client.preview()).changes.length > 0) return false;
    }
    return true;
  }
}

async function discard(client: LibraryClient, path: string): Promise<void> {
  await client.discard(path);
}

/** A version waits only where the remote was away, or the team's version deletes much and nobody looked yet. */
function checkSent(isAway: boolean, code: string | null): void {
  if (isAway || code === null) return;
  expect(code).toBe('library/held');
}

function pick<T>(from: readonly T[], n: Choice): T | undefined {
  return from[n % Math.max(from.length, 1)];
}

function isFree(client: LibraryClient, to: string): boolean {
  if (client.has(to)) return false;
  const names = to.split('/');
  return names.slice(0, -1).every((_, n) => {
    const files = client.list();
    return !files.includes(names.slice(0, n + 1).join('/'));
  });
}

/** Adds up what the scripts found. */
export function sum(counts: readonly ScriptCount[]): ScriptCount {
  const keys = [
    'steps',
    'conflicts',
    'deaths',
    'versions',
    'inHistory',
    'inTrash',
    'inConflict',
    'onDisk',
    'forgone',
  ] as const;
  const total = (key: (typeof keys)[number]) => counts.reduce((all, each) => all + each[key], 0);
  return Object.fromEntries(keys.map((key) => [key, total(key)])) as unknown as ScriptCount;
}
