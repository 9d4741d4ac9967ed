import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LibraryEvent, PublishEvent } from '../../../src-contract/library.ts';
import { contract } from '../../../src-contract/index.ts';
import { silentLogger } from '../../../src-main/core/shared/logger.ts';
import { Dispatcher } from '../../../src-main/router/dispatch.ts';
import { libraryHandlers } from '../../../src-main/router/handlers/library.ts';
import type { Written } from '../../../src-main/core/library/item-jobs.ts';
import type { Handlers } from '../../../src-main/router/types.ts';
import { fixtureLibrary } from '../../helpers/git-fixture-library.ts';
import { fsck, openLibrary, type LibraryRig } from '../../helpers/git-library.ts';
import { git, TeamRepo, tempDir } from '../../helpers/git-repo.ts';

let temp: ReturnType<typeof tempDir>;
let team: TeamRepo;
let rig: LibraryRig;
let dispatcher: Dispatcher;

beforeAll(() => {
  temp = tempDir();
  team = new TeamRepo(temp.path);
  team.commit(fixtureLibrary);
  rig = openLibrary(join(temp.path, 'workspace'));
  dispatcher = new Dispatcher(libraryHandlers(rig.service) as Handlers, silentLogger);
});
afterAll(() => {
  fsck(rig.dirs);
  git(team.bare, '--git-dir=.', 'fsck', '--strict', '--full');
  rig.close();
  temp.remove();
});

const { signal } = new AbortController();
type Told = LibraryEvent | PublishEvent;
type LibraryRoute = Extract<keyof typeof contract, `library.${string}`>;

async function call(route: LibraryRoute, input: object): Promise<unknown> {
  const value = await dispatcher.call(route, input, { signal, cancelStream: () => false });
  const described = contract[route];
  // What a handler gives must be what the contract promises.
  if (described.kind !== 'stream') described.output.parse(value);
  return value;
}

async function stream(route: LibraryRoute, input: object): Promise<Told[]> {
  const described = contract[route];
  const events: Told[] = [];
  await dispatcher.stream(route, input, {
    signal,
    emit: async (event) => {
      if (described.kind === 'stream') events.push(described.event.parse(event));
    },
  });
  return events;
}

test('before there is a library', async () => {
  expect(await call('library.status', {})).toMatchObject({ state: { kind: 'none' }, items: 0 });
  expect(await call('library.items', {})).toEqual({ items: [] });
  await expect(call('library.log', {})).rejects.toMatchObject({ code: 'library/none' });
  expect(await call('library.conflicts', {})).toEqual({ conflicts: [] });
  for (const route of ['library.update', 'library.check'] as const) {
    await expect(stream(route, {})).rejects.toMatchObject({ code: 'library/none' });
  }
  await expect(call('library.preview', {})).rejects.toMatchObject({ code: 'library/none' });
  await expect(call('library.access', {})).rejects.toMatchObject({ code: 'library/no-address' });
  expect(await call('library.access', { url: team.bare })).toMatchObject({ kind: 'none' });
  const content = '---\nname: Greet\nvariables:\n  - { name: who }\n---\nHello {{who}}\n';
  expect(await call('library.parse', { path: 'prompts/a.prompt.md', content })).toMatchObject({
    name: 'Greet',
    variables: [{ name: 'who' }],
  });
});

test('connect, look, update: each answer is as the contract says', async () => {
  const source = { kind: 'remote', url: team.bare };
  const events = await stream('library.connect', { source });
  expect(events[0]).toMatchObject({ type: 'progress', phase: 'checking' });
  expect(events.at(-1)).toMatchObject({ type: 'done', summary: null, status: { items: 8 } });
  expect(await call('library.items', { kind: 'skill' })).toMatchObject({
    items: [{ path: 'skills/release/SKILL.md' }],
  });
  expect(await call('library.item', { path: 'carrel.yaml' })).toMatchObject({ kind: 'other' });
  expect(await call('library.log', { limit: 5 })).toMatchObject({ versions: [{ author: 'Ada' }] });
  team.commit({ 'README.md': 'second' });
  expect((await stream('library.update', {})).at(-1)).toMatchObject({
    type: 'done',
    summary: {
      state: 'updated',
      changed: [{ path: 'README.md', change: 'modified' }],
      conflicts: [],
    },
  });
  await expect(stream('library.connect', { source })).rejects.toMatchObject({
    code: 'library/already-connected',
  });
});

test('edits: each answer is as the contract says', async () => {
  const made = (await call('library.create', { kind: 'prompt', name: 'Greet' })) as Written;
  await call('library.save', { path: made.path, content: 'Hello\n', expect: made.oid });
  const to = 'prompts/hello.prompt.md';
  expect(await call('library.rename', { from: made.path, to })).toMatchObject({ path: to });
  expect(await call('library.preview', {})).toMatchObject({
    changes: [{ path: to, change: 'added', size: 6, blocked: null }],
    queued: [],
  });
  expect(await call('library.diff', { path: to })).toMatchObject({ change: 'added' });
  await call('library.remove', { path: to });
  const { entries } = (await call('library.trash', {})) as { entries: { id: string }[] };
  await call('library.restore', { id: entries[0]?.id });
  expect(await call('library.status', {})).toMatchObject({ edited: 1, queued: 0, conflicts: 0 });
});

test('publish, conflict, roll-back: each answer is as the contract says', async () => {
  const published = (await stream('library.publish', { message: 'Greeting' })).at(-1);
  expect(published).toMatchObject({ type: 'done', summary: { state: 'published' } });
  const { versions } = (await call('library.log', {})) as { versions: { version: string }[] };
  const [newest, before] = versions.map(({ version }) => version);
  expect(await call('library.show', { version: newest })).toMatchObject({
    version: { message: 'Greeting', author: 'ada' },
    changed: [{ path: 'prompts/hello.prompt.md', change: 'added' }],
  });
  expect(await call('library.at', { version: newest, path: 'README.md' })).toMatchObject({
    source: 'second',
  });
  writeFileSync(join(rig.dirs.files, 'README.md'), 'mine');
  git(team.work, 'pull', '-q', 'origin', 'main');
  team.commit({ 'README.md': 'theirs' });
  expect((await stream('library.check', {})).at(-1)).toMatchObject({
    status: { available: { versions: [{ author: 'Ada' }] } },
  });
  expect((await stream('library.update', {})).at(-1)).toMatchObject({
    summary: { state: 'conflict', conflicts: ['README.md'] },
    status: { state: { kind: 'conflict', items: 1 } },
  });
  expect(await call('library.conflict', { path: 'README.md' })).toMatchObject({
    kind: 'text',
    mineText: 'mine',
    theirsText: 'theirs',
  });
  await call('library.resolve', { path: 'README.md', take: { kind: 'mine' } });
  expect(await call('library.discard', { path: 'README.md' })).toMatchObject({
    trashed: [{ path: 'README.md', why: 'discarded' }],
  });
  expect((await stream('library.rollback', { version: before })).at(-1)).toMatchObject({
    summary: { state: 'published' },
  });
  expect(await call('library.setRemote', { url: team.bare })).toMatchObject({ url: team.bare });
});

test('a failed update is told in the status as the contract says', async () => {
  git(team.work, 'pull', '-q', 'origin', 'main');
  team.commit({ 'carrel.yaml': 'format: 9\n' });
  await expect(stream('library.update', {})).rejects.toMatchObject({
    code: 'library/format-too-new',
  });
  expect(await call('library.status', {})).toMatchObject({
    state: { kind: 'failed', error: { code: 'library/format-too-new' } },
  });
});
