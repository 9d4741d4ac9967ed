import fc from 'fast-check';
import { expect } from 'vitest';
import { AppError } from '../../../src-contract/app-error.ts';
import { git } from '../../helpers/git-repo.ts';
import type { LibraryClient } from '../../helpers/library-rig-client.ts';
import type { Account } from '../../helpers/library-rig-ledger.ts';
import { LibraryRig } from '../../helpers/library-rig.ts';

/** Numbers choose among what is there, so that a script stays one when steps are left out. */
type Choice = number;

/** What one of two persons, or the team with another git program, does. */
export type Step =
  | {
      readonly do: 'edit' | 'append' | 'binary' | 'line-ends' | 'remove' | 'discard';
      readonly who: 0 | 1;
      readonly file: Choice;
      readonly line: Choice;
    }
  | { readonly do: 'add' | 'team'; readonly who: 0 | 1; readonly place: Choice }
  | { readonly do: 'rename'; readonly who: 0 | 1; readonly file: Choice; readonly place: Choice }
  | {
      readonly do: 'publish' | 'update';
      readonly who: 0 | 1;
      readonly isAway: boolean;
      readonly file: Choice | null;
    }
  | {
      readonly do: 'resolve';
      readonly who: 0 | 1;
      readonly file: Choice;
      readonly take: 'mine' | 'theirs' | 'text';
    }
  | {
      readonly do: 'rollback';
      readonly who: 0 | 1;
      readonly version: Choice;
      readonly file: Choice | null;
    };

/** Some of these can't stand beside each other: a file becomes a folder, a folder a file. */
const PLACES = [
  'text.md',
  'text.md/in.md',
  'notes',
  'notes/one.md',
  'notes/two.md',
  'deep/er/file.md',
  'deep/er',
  'deep',
  'data.bin',
  'crlf.md',
] as const;

const textOf = (name: string): string =>
  Array.from({ length: 8 }, (_, n) => `${name} ${n}\n`).join('');

const FIRST: Readonly<Record<string, string | Buffer>> = {
  'text.md': textOf('text'),
  'crlf.md': textOf('crlf').replaceAll('\n', '\r\n'),
  'bare.md': textOf('bare').trimEnd(),
  'notes/one.md': textOf('one'),
  'notes/two.md': textOf('two'),
  'deep/er/file.md': textOf('deep'),
  'data.bin': Buffer.from([0, 1, 2, 0xff, 10, 0, 10, 3]),
};

const who = fc.constantFrom(0 as const, 1 as const);
const choice = fc.nat({ max: 99 });

/** Editing is commoner than syncing, as in life. */
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({
        do: fc.constantFrom(
          'edit' as const,
          'edit' as const,
          'append' as const,
          'binary' as const,
          'line-ends' as const,
          'remove' as const,
          'discard' as const,
        ),
        who,
        file: choice,
        line: choice,
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom('add' as const, 'add' as const, 'team' as const),
        who,
        place: choice,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('rename' as const),
        who,
        file: choice,
        place: choice,
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constantFrom('publish' as const, 'publish' as const, 'update' as const),
        who,
        isAway: fc.constantFrom(true, false, false),
        file: fc.option(choice, { freq: 4 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('resolve' as const),
        who,
        file: choice,
        take: fc.constantFrom('mine' as const, 'theirs' as const, 'text' as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('rollback' as const),
        who,
        version: choice,
        file: fc.option(choice),
      }),
    },
  ),
  { minLength: 6, maxLength: 26, size: 'max' },
);

export interface ScriptCount extends Account {
  readonly steps: number;
  readonly conflicts: number;
}

/** Runs a script, lets both persons settle it, and compares and accounts for everything. */
export async function runScript(script: readonly Step[], hasGit: boolean): Promise<ScriptCount> {
  const rig = await LibraryRig.connected(FIRST);
  let count = 0;
  let conflicts = 0;
  const path = process.env['PATH'];
  try {
    // Without git in the path, a remote by its path is served in JavaScript.
    if (!hasGit) process.env['PATH'] = rig.root;
    for (const step of script) await perform(step);
    await settle();
    const [ada, ben] = [rig.client(0), rig.client(1)];
    expect(ada.files()).toEqual(rig.files());
    expect(ben.files()).toEqual(rig.files());
    return { ...rig.account(), steps: script.length, conflicts };
  } finally {
    process.env['PATH'] = path;
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
        return publish(client, step.isAway, step.file);
      case 'update':
        return update(client, step.isAway);
      case 'resolve': {
        const conflict = pick(await client.conflicts(), step.file);
        if (conflict) await resolve(client, conflict.path, step.take);
        return;
      }
      case 'rollback':
        return rollback(client, step.version, step.file);
    }
  }

  async function publish(client: LibraryClient, isAway: boolean, file: Choice | null) {
    const chosen = file === null ? undefined : pick(client.list(), file);
    const choice = { allowDeletions: true, paths: chosen === undefined ? null : [chosen] };
    const result = isAway
      ? await rig.away(() => client.publish(choice))
      : await client.publish(choice);
    checkSent(isAway, result.waitsFor?.code ?? null);
  }

  async function update(client: LibraryClient, isAway: boolean): Promise<void> {
    if (isAway) {
      await expect(rig.away(() => client.update())).rejects.toBeInstanceOf(AppError);
      return;
    }
    const { unsent } = await client.update(rig.tip());
    checkSent(false, unsent?.code ?? null);
  }

  async function rollback(client: LibraryClient, n: Choice, file: Choice | null): Promise<void> {
    const versions = git(client.dirs.library, 'rev-list', 'refs/app/trusted').split('\n');
    const path = file === null ? null : (pick(client.list(), file) ?? null);
    const { waitsFor } = await client.rollback(pick(versions, n) ?? '', path);
    checkSent(false, waitsFor?.code ?? null);
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

function changed(how: Step['do'], bytes: Buffer, line: Choice, text: string): Buffer {
  const before = bytes.toString('latin1');
  switch (how) {
    case 'binary':
      return Buffer.concat([bytes, Buffer.from([0, 0xff]), Buffer.from(text)]);
    case 'append':
      return Buffer.concat([bytes, Buffer.from(text)]);
    case 'line-ends': {
      const isWindows = before.includes('\r\n');
      const after = isWindows ? before.replaceAll('\r\n', '\n') : before.replaceAll('\n', '\r\n');
      return Buffer.from(after, 'latin1');
    }
    default: {
      const parts = before.split('\n');
      parts[line % parts.length] = text.trimEnd();
      return Buffer.from(parts.join('\n'), 'latin1');
    }
  }
}

/** Adds up what the scripts found. */
export function sum(counts: readonly ScriptCount[]): ScriptCount {
  const keys = [
    'steps',
    'conflicts',
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
