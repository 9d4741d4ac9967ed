import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LibraryClient } from '../../helpers/library-rig-client.ts';
import { LibraryRig } from '../../helpers/library-rig.ts';
import { git } from '../../helpers/git-repo.ts';
import { MAX_FILE_BYTES } from '../../../src-main/core/library/limits.ts';
import { library, lines, TEXT, trashed } from './sync-library.helper.ts';

let rig: LibraryRig;
let ada: LibraryClient;
let ben: LibraryClient;

beforeEach(async () => {
  rig = await LibraryRig.connected(library);
  ada = rig.client(0);
  ben = rig.client(1);
});
afterEach(() => {
  try {
    rig.account();
  } finally {
    rig.close();
  }
});

describe('a version', () => {
  test('has all that changed, and what the preview said', async () => {
    ada.put('README.md', 'edited');
    ada.put('prompts/new.prompt.md', 'added');
    ada.remove('agents/reviewer.agent.md');
    const { changes, queued } = await ada.preview();
    expect(queued).toEqual([]);
    expect(changes).toMatchObject([
      { path: 'README.md', change: 'modified', size: 6, blocked: null },
      { path: 'agents/reviewer.agent.md', change: 'deleted', blocked: null },
      { path: 'prompts/new.prompt.md', change: 'added', size: 5, blocked: null },
    ]);
    const { state, version, published, waitsFor } = await ada.publish({ message: 'Three things' });
    expect({ state, waitsFor }).toEqual({ state: 'published', waitsFor: null });
    expect(published).toEqual(changes.map(({ path, change }) => ({ path, change })));
    expect(version).toBe(rig.tip());
    expect(rig.messages()).toEqual(['Three things', 'First version']);
    expect(rig.files()).toEqual(ada.files());
    expect(await ada.open()).toMatchObject({ version, edited: 0, queued: 0 });
    expect((await ada.preview()).changes).toEqual([]);
  });

  test('has only some paths where they are given', async () => {
    ada.put('README.md', 'edited');
    ada.put(TEXT, 'edited');
    const { published } = await ada.publish({ paths: ['README.md'] });
    expect(published).toEqual([{ path: 'README.md', change: 'modified' }]);
    expect((await ada.preview()).changes).toMatchObject([{ path: TEXT, change: 'modified' }]);
    expect(ada.read(TEXT)).toBe('edited');
  });

  test('is none where nothing changed', async () => {
    const tip = rig.tip();
    expect(await ada.publish()).toMatchObject({ state: 'nothing', published: [], waitsFor: null });
    ada.put('README.md', library['README.md'] ?? '');
    expect(await ada.publish()).toMatchObject({ state: 'nothing' });
    expect(rig.tip()).toBe(tip);
  });

  test('carries author and message as they are, but nothing that could be a header', async () => {
    ada.author = { name: 'Ada\ncommitter Eve <eve@example.invalid>', email: '<a\r\nb>@c.invalid' };
    ada.put('README.md', 'edited');
    await ada.publish({ message: '  Ends with spaces   \n\nA body\twith a tab \n\n' });
    const raw = git(rig.bare, 'cat-file', 'commit', 'main');
    const [head = '', ...body] = raw.split('\n\n');
    expect(head.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'tree',
      'parent',
      'author',
      'committer',
    ]);
    for (const line of head.split('\n').slice(2)) {
      expect(line).toMatch(/^(?:author|committer) [^<>\n]+ <[^<>\s]+> \d+ [+-]\d{4}$/);
    }
    expect(body.join('\n\n')).toMatch(/^Ends with spaces *\n\nA body\twith a tab$/);
    expect(git(rig.bare, 'log', '-1', '--format=%at', 'main')).toBe(
      String(Math.floor(ada.now / 1000)),
    );
  });

  test('merges with what the team published meanwhile', async () => {
    ben.put(TEXT, lines({ 8: 'of ben' }));
    await ben.publish();
    ada.put(TEXT, lines({ 1: 'of ada' }));
    ada.put('README.md', 'of ada');
    const { state, update } = await ada.publish();
    expect(state).toBe('published');
    expect(update.conflicts).toEqual([]);
    expect(ada.read(TEXT)).toBe(lines({ 1: 'of ada', 8: 'of ben' }));
    expect(rig.files()).toEqual(ada.files());
    expect(git(rig.bare, 'rev-list', '--merges', 'main')).toBe('');
  });

  test('leaves out what the team changed as well; mine waits', async () => {
    rig.push({ [TEXT]: lines({ 4: 'of ben' }) });
    ada.put(TEXT, lines({ 4: 'of ada' }));
    ada.put('README.md', 'of ada');
    const { state, update } = await ada.publish();
    expect(state).toBe('published');
    expect(update.conflicts).toEqual([TEXT]);
    expect(ada.read(TEXT)).toBe(lines({ 4: 'of ada' }));
    expect(`${rig.show(TEXT)}\n`).toBe(lines({ 4: 'of ben' }));
    expect(rig.show('README.md')).toBe('of ada');
    expect(await ada.conflict(TEXT)).toMatchObject({
      baseText: lines({}),
      mineText: lines({ 4: 'of ada' }),
      theirsText: lines({ 4: 'of ben' }),
    });
  });
});

describe('what can’t be published', () => {
  test('is told and left out; the rest goes', async () => {
    const blocked = ['con.md', 'trailing.', 'readme.MD', 'pipe|.md', 'zero\u200bwidth.md'];
    for (const path of blocked) ada.put(path, `of ${path}`);
    ada.put('large.bin', Buffer.alloc(MAX_FILE_BYTES + 1, 1));
    ada.put('pointer.md', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n');
    ada.put('fine.md', 'fine');
    const { changes } = await ada.preview();
    const without = changes.filter(({ blocked }) => blocked !== null).map(({ path }) => path);
    expect(without.toSorted()).toEqual([...blocked, 'large.bin'].toSorted());
    const { published } = await ada.publish();
    expect(published.map(({ path }) => path)).toEqual(['fine.md', 'pointer.md']);
    expect(rig.files().has('con.md')).toBe(false);
    for (const path of blocked) expect(ada.read(path)).toBe(`of ${path}`);
  });

  test('two new files that are one on other systems', async () => {
    ada.put('new/Case.md', 'one');
    ada.put('new/case.md', 'two');
    const { changes } = await ada.preview();
    expect(changes.some(({ blocked }) => blocked !== null)).toBe(true);
    await ada.publish();
    const sent = [...rig.files().keys()].filter((path) => path.startsWith('new/'));
    expect(sent.length).toBeLessThan(2);
    expect([ada.read('new/Case.md'), ada.read('new/case.md')]).toEqual(['one', 'two']);
  });

  test('links, and what is behind them', async () => {
    const outside = join(rig.root, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'secret.md'), 'secret');
    symlinkSync(outside, ada.at('linked'));
    symlinkSync(join(outside, 'secret.md'), ada.at('link.md'));
    ada.put('fine.md', 'fine');
    expect((await ada.publish()).published).toEqual([{ path: 'fine.md', change: 'added' }]);
    rmSync(ada.at('linked'));
    rmSync(ada.at('link.md'));
  });

  test('a renamed case of a file is one change of names', async () => {
    ada.rename('README.md', 'readme.md');
    await ada.publish({ allowDeletions: true });
    expect(rig.files()).toEqual(ada.files());
    await ben.update(rig.tip());
    expect(ben.files()).toEqual(rig.files());
  });
});

describe('without the remote', () => {
  test('versions wait in order while editing goes on, and go out with their messages', async () => {
    ada.put(TEXT, lines({ 1: 'first' }));
    const first = await rig.away(() => ada.publish({ message: 'First of mine' }));
    expect(first).toMatchObject({ state: 'queued', waitsFor: { code: expect.any(String) } });
    ada.put(TEXT, lines({ 1: 'second' }));
    ada.put('new.md', 'new');
    const second = await rig.away(() => ada.publish({ message: 'Second of mine' }));
    expect(second.state).toBe('queued');
    ada.put('README.md', 'still editing');
    expect(await ada.open()).toMatchObject({ queued: 2, edited: 1, version: second.version });
    expect((await ada.preview()).queued).toMatchObject([
      { message: 'Second of mine', state: 'queued' },
      { message: 'First of mine', state: 'queued' },
    ]);

    expect(await ada.update()).toMatchObject({ unsent: null });
    expect(rig.messages()).toEqual(['Second of mine', 'First of mine', 'First version']);
    expect(ada.read('README.md')).toBe('still editing');
    expect(await ada.open()).toMatchObject({ queued: 0, edited: 1, version: rig.tip() });
    expect(rig.files().get(TEXT)).toBe(ada.files().get(TEXT));
  });

  test('an update says why the queue still waits', async () => {
    ada.put('README.md', 'edited');
    await rig.away(() => ada.publish());
    await expect(rig.away(() => ada.update())).rejects.toMatchObject({
      code: expect.stringMatching(/^library\//),
    });
    expect(await ada.open()).toMatchObject({ queued: 1 });
  });

  test('the queue meets the team’s edits: what overlaps waits, the rest goes out', async () => {
    ada.put(TEXT, lines({ 4: 'of ada' }));
    ada.put('README.md', 'of ada');
    await rig.away(() => ada.publish({ message: 'First of mine' }));
    ada.put(TEXT, lines({ 4: 'of ada', 9: 'more of ada' }));
    await rig.away(() => ada.publish({ message: 'Second of mine' }));
    rig.push({ [TEXT]: lines({ 4: 'of ben' }) });
    const { summary, unsent } = await ada.update();
    expect(unsent).toBeNull();
    expect(summary.conflicts).toEqual([TEXT]);
    expect(rig.messages()).toEqual(['First of mine', 'By the team', 'First version']);
    expect(rig.show('README.md')).toBe('of ada');
    expect(await ada.conflict(TEXT)).toMatchObject({
      baseText: lines({}),
      mineText: lines({ 4: 'of ada', 9: 'more of ada' }),
      theirsText: lines({ 4: 'of ben' }),
    });
    // The version in between stood in no folder any more: the trash has it.
    expect(trashed(ada).map(({ text }) => text)).toContain(lines({ 4: 'of ada' }));
  });

  test('a queue that the team deletes under is not lost', async () => {
    ada.put(TEXT, 'of ada');
    await rig.away(() => ada.publish());
    rig.push({ [TEXT]: null });
    const { summary } = await ada.update();
    expect(summary.conflicts).toEqual([TEXT]);
    expect(ada.read(TEXT)).toBe('of ada');
    expect(await ada.open()).toMatchObject({ queued: 0, conflicts: 1 });
  });

  test('files of the queue go where the team put a folder', async () => {
    ada.put('place', 'of ada');
    await rig.away(() => ada.publish());
    rig.push({ 'place/inner.md': 'of ben' });
    const { summary } = await ada.update();
    expect(summary.state).toBe('conflict');
    expect(ada.read('place')).toBe('of ada');
    const [path = ''] = (await ada.conflicts()).map((each) => each.path);
    await ada.resolve(path, { kind: 'theirs' });
    expect(ada.files()).toEqual(rig.files());
  });

  test('a library without a remote has versions of its own', async () => {
    const starterDir = join(rig.root, 'starter');
    mkdirSync(join(starterDir, 'prompts'), { recursive: true });
    writeFileSync(join(starterDir, 'carrel.yaml'), 'format: 1\nname: Starter\n');
    writeFileSync(join(starterDir, 'prompts/one.prompt.md'), 'one');
    const alone = LibraryRig.empty(['eve']);
    try {
      const eve = alone.client(0);
      const { version } = await eve.starter(starterDir);
      eve.put('prompts/one.prompt.md', 'two');
      const published = await eve.publish({ message: 'Mine' });
      expect(published).toMatchObject({ state: 'published', waitsFor: null });
      expect(published.version).not.toBe(version);
      expect(await eve.open()).toMatchObject({
        url: null,
        version: published.version,
        queued: 0,
        edited: 0,
      });
      alone.ledger.account(alone.clients, null);

      // A remote without any version takes all of it.
      await eve.setRemote(alone.bare);
      eve.put('prompts/one.prompt.md', 'three');
      expect(await eve.publish({ message: 'Mine again' })).toMatchObject({ state: 'published' });
      expect(alone.files()).toEqual(eve.files());
      expect(alone.messages()).toEqual(['Mine again', 'Mine', 'Starter library']);
      alone.account();
    } finally {
      alone.close();
    }
  });
});
