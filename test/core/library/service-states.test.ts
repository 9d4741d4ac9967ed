import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../src-contract/app-error.ts';
import { DEFAULT_SETTINGS } from '../../../src-contract/default-settings.ts';
import type { LibraryState } from '../../../src-contract/library.ts';
import type { GitJobs } from '../../../src-main/core/library/git-jobs.ts';
import { libraryHealth } from '../../../src-main/core/library/library-health.ts';
import { LibraryService } from '../../../src-main/core/library/library-service.ts';
import type { Overview, Progress } from '../../../src-main/core/library/sync-jobs.ts';
import { ChangeBus } from '../../../src-main/core/shared/change-bus.ts';
import { silentLogger } from '../../../src-main/core/shared/logger.ts';
import { cancelled } from '../../../src-main/core/shared/worker-errors.ts';
import type { WorkerHost } from '../../../src-main/core/shared/worker-host.ts';

/** What the service makes of what its jobs say. The jobs themselves are tested with real repositories. */

type Answer = (call: {
  readonly input: unknown;
  readonly signal: AbortSignal | undefined;
  readonly report: (progress: Progress) => void;
}) => unknown;

const VERSION = 'a'.repeat(40);
const atRest: Overview = {
  name: 'Team',
  url: 'https://git.example.invalid/team.git',
  version: VERSION,
  items: 3,
  edited: 0,
  conflicts: 0,
  queued: 0,
  checkedAt: 1,
  available: null,
  held: null,
  quarantined: [],
  refused: [],
};
const unchanged = { state: 'unchanged', version: VERSION, changed: [], merged: [], conflicts: [] };

let root: string;
let overview: Overview;
let answers: Partial<Record<keyof GitJobs, Answer>>;
let ran: string[];
let service: LibraryService;
let now: number;
let seen: LibraryState['kind'][];
let checkMinutes: number;

const host: Pick<WorkerHost<GitJobs>, 'run'> = {
  async run(job, input, options = {}) {
    ran.push(job);
    const answer = answers[job];
    if (!answer) throw new Error(`no answer to ${job}`);
    const { signal, onProgress } = options;
    const output = await answer({ input, signal, report: (progress) => onProgress?.(progress) });
    return output as never;
  },
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'carrel-states-'));
  mkdirSync(join(root, 'library', 'refs'), { recursive: true });
  overview = atRest;
  ran = [];
  seen = [];
  now = 1_000_000;
  checkMinutes = 15;
  answers = {
    open: () => overview,
    overview: () => overview,
    check: () => null,
    update: () => ({ summary: unchanged, unsent: null }),
  };
  const bus = new ChangeBus();
  service = new LibraryService({
    dirs: {
      library: join(root, 'library'),
      files: join(root, 'files'),
      trash: join(root, 'trash'),
      journal: join(root, 'journal'),
    },
    starterDir: join(root, 'starter'),
    knownHosts: join(root, 'known_hosts'),
    sync: host,
    reads: host,
    secrets: null,
    settings: () => ({ ...DEFAULT_SETTINGS, 'library.checkMinutes': checkMinutes }),
    machine: { username: 'ada', hostname: 'desk.invalid', sshDir: root, sshAgent: null },
    nextCheckAt: () => 7,
    bus,
    clock: { now: () => now, monotonic: () => now },
    logger: silentLogger,
  });
  bus.subscribe(() => seen.push(service.state.kind));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function failsWith(code: string): Answer {
  return () => {
    throw new AppError(code, `It is ${code}.`, { remedy: 'Do something.', action: 'retry' });
  };
}

describe('the state at rest', () => {
  test.each<[LibraryState['kind'], Partial<Overview>]>([
    ['idle', {}],
    ['conflict', { conflicts: 2 }],
    ['quarantined', { quarantined: [{ version: VERSION, reason: 'unknown key' }] }],
    [
      'held',
      { held: { direction: 'update', version: VERSION, deletions: 30, files: 40 }, conflicts: 1 },
    ],
  ])('is %s', async (kind, part) => {
    overview = { ...atRest, ...part };
    expect((await service.status()).state.kind).toBe(kind);
    const [check] = await libraryHealth(service).checks();
    expect(check?.state).toBe(kind === 'idle' ? 'ok' : 'warn');
    if (kind !== 'idle') expect(check?.remedy).toMatch(/\S/);
  });

  test('a status tells counts, and when the remote is asked next', async () => {
    overview = { ...atRest, edited: 1, conflicts: 2, queued: 3, refused: [refused('a')] };
    expect(await service.status()).toMatchObject({
      edited: 1,
      conflicts: 2,
      queued: 3,
      quarantined: 1,
      nextCheckAt: 7,
      trust: 'unverified',
    });
    overview = { ...atRest, url: null };
    expect((await service.status()).nextCheckAt).toBeNull();
  });

  test('a path that is not there is a share that is away', async () => {
    overview = { ...atRest, url: '/mnt/team.git' };
    answers.check = failsWith('library/remote-not-found');
    await expect(service.check()).rejects.toMatchObject({ code: 'library/remote-not-found' });
    expect((await service.status()).state.kind).toBe('offline');
    expect(service.remote.last?.outcome).toBe('offline');
  });

  test.each([
    ['library/offline', 'offline'],
    ['library/connection-cut', 'offline'],
    ['library/timed-out', 'offline'],
    ['library/certificate', 'failed'],
    ['library/access-denied', 'failed'],
    ['library/bad-pack', 'failed'],
    ['library/remote-not-found', 'failed'],
  ])('after %s it is %s, until an attempt goes well', async (code, kind) => {
    overview = { ...atRest, conflicts: 1 };
    answers.check = failsWith(code);
    await expect(service.check()).rejects.toMatchObject({ code });
    expect((await service.status()).state).toEqual({
      kind,
      error: { code, message: `It is ${code}.`, remedy: 'Do something.', action: 'retry' },
    });
    expect(service.remote.last).toEqual({
      at: now,
      outcome: kind === 'offline' ? 'offline' : 'failed',
    });
    const [check] = await libraryHealth(service).checks();
    expect(check).toMatchObject({ state: 'warn', value: code, action: 'retry' });
    answers.check = () => null;
    await service.check();
    expect(service.state.kind).toBe('conflict');
    expect(service.remote.last?.outcome).toBe('ok');
  });

  test('work that is done but waits for the remote leaves the reason', async () => {
    const { message, remedy } = new AppError('library/offline', 'Gone.', { remedy: 'Wait.' });
    const waitsFor = { code: 'library/offline', message, remedy };
    answers.update = () => ({ summary: unchanged, unsent: waitsFor });
    await service.update();
    expect(service.state).toEqual({ kind: 'offline', error: waitsFor });
    answers.publish = () => ({
      state: 'published',
      version: VERSION,
      published: [],
      waitsFor: null,
      update: unchanged,
    });
    await service.publish({ message: 'x', paths: null, allowDeletions: false });
    expect(service.state.kind).toBe('idle');
  });

  test('work that waits for a yes is held, not failed', async () => {
    const held = { direction: 'update', version: VERSION, deletions: 30, files: 40 } as const;
    overview = { ...atRest, held };
    const unsent = { code: 'library/held', message: 'It deletes much.', remedy: 'Look.' };
    answers.update = () => ({ summary: { ...unchanged, state: 'held' }, unsent });
    await service.update();
    expect(service.state).toEqual({ kind: 'held', ...held });
    expect(service.remote.last?.outcome).toBe('ok');
  });

  test('a wrong question and a cancelled one change nothing of it', async () => {
    answers.check = failsWith('library/offline');
    await expect(service.check()).rejects.toThrow();
    for (const code of ['library/unknown-version', 'library/unknown-item']) {
      answers.rollback = failsWith(code);
      const options = { version: VERSION, path: null, allowDeletions: false };
      await expect(service.rollback(options)).rejects.toMatchObject({ code });
    }
    answers.update = () => {
      throw cancelled();
    };
    await expect(service.update()).rejects.toMatchObject({ code: 'worker/cancelled' });
    expect(service.state.kind).toBe('offline');
  });

  test('another way in makes what the remote said before worthless', async () => {
    answers.check = failsWith('library/access-denied');
    await expect(service.check()).rejects.toThrow();
    await service.setAccess('https://other.invalid/x.git', {
      kind: 'password',
      username: 'a',
      password: 'b',
    });
    expect(service.state.kind).toBe('failed');
    await service.setAccess('https://git.example.invalid/x.git', {
      kind: 'password',
      username: 'a',
      password: 'b',
    });
    expect(service.state.kind).toBe('idle');
    expect(service.remote.last).toBeNull();
  });

  test('a library that does not open says so, and is tried again', async () => {
    answers.open = failsWith('library/damaged');
    expect((await service.status()).state).toMatchObject({
      kind: 'failed',
      error: { code: 'library/damaged' },
    });
    await expect(service.update()).rejects.toMatchObject({ code: 'library/damaged' });
    answers.open = () => overview;
    expect((await service.status()).state).toEqual({ kind: 'idle' });
  });
});

describe('while it works', () => {
  test('each phase is told once, and the end', async () => {
    answers.update = ({ report }) => {
      report({ phase: 'checking', done: 0, total: null });
      report({ phase: 'fetching', done: 1, total: null });
      report({ phase: 'fetching', done: 2, total: null });
      report({ phase: 'merging', done: 0, total: 1 });
      report({ phase: 'writing', done: 1, total: 1 });
      return { summary: unchanged, unsent: null };
    };
    const phases: string[] = [];
    await service.update({ onProgress: ({ phase }) => phases.push(phase) });
    expect(phases).toEqual(['checking', 'fetching', 'fetching', 'merging', 'writing']);
    expect(seen).toEqual(['checking', 'fetching', 'merging', 'writing', 'idle']);
  });

  test('a second piece of work is refused; reads and edits are not', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    answers.update = async () => {
      await promise;
      return { summary: unchanged, unsent: null };
    };
    answers.items = () => [];
    answers.save = () => ({ path: 'a.md', oid: VERSION });
    await service.start();
    const updating = service.update();
    await expect(service.check()).rejects.toMatchObject({ code: 'library/busy' });
    await expect(service.discard('a.md')).rejects.toMatchObject({ code: 'library/busy' });
    expect(await service.items()).toEqual([]);
    expect(await service.save({ path: 'a.md', content: '', expect: null })).toMatchObject({
      path: 'a.md',
    });
    expect((await service.status()).state.kind).toBe('checking');
    resolve();
    await updating;
    expect((await service.status()).state.kind).toBe('idle');
  });

  test('what nobody waits for gives way to a person, and not the other way round', async () => {
    answers.check = ({ signal }) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(cancelled())));
    await service.start();
    const byItself = service.check({ background: true });
    const ended = expect(byItself).rejects.toMatchObject({ code: 'worker/cancelled' });
    await expect(service.check({ background: true })).rejects.toMatchObject({
      code: 'library/busy',
    });
    expect((await service.update()).summary.state).toBe('unchanged');
    await ended;
    const { promise, resolve } = Promise.withResolvers<void>();
    answers.update = async () => {
      await promise;
      return { summary: unchanged, unsent: null };
    };
    const updating = service.update();
    await expect(service.check({ background: true })).rejects.toMatchObject({
      code: 'library/busy',
    });
    resolve();
    await updating;
  });

  test('an edit is told to all windows', async () => {
    answers.create = () => ({ path: 'prompts/x.prompt.md', oid: VERSION });
    await service.start();
    seen.length = 0;
    await service.create({ kind: 'prompt', name: 'x', collection: null });
    expect(seen).toEqual(['idle']);
  });
});

describe('a check of a window that came to the front', () => {
  test('asks where the last answer is over a minute old', async () => {
    await service.check({ ifStale: true });
    await service.check({ ifStale: true });
    now += 59_000;
    await service.check({ ifStale: true });
    expect(ran.filter((job) => job === 'check')).toHaveLength(1);
    now += 2_000;
    await service.check({ ifStale: true });
    expect(ran.filter((job) => job === 'check')).toHaveLength(2);
    await service.check();
    expect(ran.filter((job) => job === 'check')).toHaveLength(3);
  });

  test('asks nobody where Carrel shall not ask by itself, or there is no remote', async () => {
    checkMinutes = 0;
    expect((await service.check({ ifStale: true })).status.state.kind).toBe('idle');
    checkMinutes = 15;
    overview = { ...atRest, url: null };
    await service.status();
    await service.check({ ifStale: true });
    expect(ran).not.toContain('check');
  });

  test('without a library it is no error', async () => {
    rmSync(join(root, 'library'), { recursive: true });
    expect((await service.check({ ifStale: true })).status.state.kind).toBe('none');
    await expect(service.check()).rejects.toMatchObject({ code: 'library/none' });
    expect(ran).toEqual([]);
  });
});

function refused(path: string): Overview['refused'][number] {
  return { path, reason: 'it is refused' };
}
