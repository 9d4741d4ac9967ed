import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LibraryEvent } from '../../../src-contract/library.ts';
import { contract } from '../../../src-contract/index.ts';
import { silentLogger } from '../../../src-main/core/shared/logger.ts';
import { Dispatcher } from '../../../src-main/router/dispatch.ts';
import { libraryHandlers } from '../../../src-main/router/handlers/library.ts';
import type { Handlers } from '../../../src-main/router/types.ts';
import { fixtureLibrary } from '../../helpers/git-fixture-library.ts';
import { openLibrary, type LibraryRig } from '../../helpers/git-library.ts';
import { TeamRepo, tempDir } from '../../helpers/git-repo.ts';

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
  rig.close();
  temp.remove();
});

const { signal } = new AbortController();
type LibraryRoute = Extract<keyof typeof contract, `library.${string}`>;

async function call(route: LibraryRoute, input: object): Promise<unknown> {
  const value = await dispatcher.call(route, input, { signal, cancelStream: () => false });
  const described = contract[route];
  // What a handler gives must be what the contract promises.
  if (described.kind !== 'stream') described.output.parse(value);
  return value;
}

async function stream(route: LibraryRoute, input: object): Promise<LibraryEvent[]> {
  const events: LibraryEvent[] = [];
  await dispatcher.stream(route, input, {
    signal,
    emit: async (event) => void events.push(contract['library.update'].event.parse(event)),
  });
  return events;
}

test('before there is a library', async () => {
  expect(await call('library.status', {})).toMatchObject({ state: { kind: 'none' }, items: 0 });
  expect(await call('library.items', {})).toEqual({ items: [] });
  await expect(call('library.log', {})).rejects.toMatchObject({ code: 'library/none' });
  await expect(stream('library.update', {})).rejects.toMatchObject({ code: 'library/none' });
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
    summary: { state: 'updated', changed: [{ path: 'README.md', change: 'modified' }], kept: [] },
  });
  await expect(stream('library.connect', { source })).rejects.toMatchObject({
    code: 'library/already-connected',
  });
});

test('a failed update is told in the status as the contract says', async () => {
  team.commit({ 'carrel.yaml': 'format: 9\n' });
  await expect(stream('library.update', {})).rejects.toMatchObject({
    code: 'library/format-too-new',
  });
  expect(await call('library.status', {})).toMatchObject({
    state: { kind: 'failed', error: { code: 'library/format-too-new' } },
  });
});
