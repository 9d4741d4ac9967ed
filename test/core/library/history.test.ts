import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at } from '../../../src-main/core/library/jobs/items/at.ts';
import { diff } from '../../../src-main/core/library/jobs/items/diff.ts';
import { log } from '../../../src-main/core/library/jobs/items/log.ts';
import { show } from '../../../src-main/core/library/jobs/items/show.ts';
import { fsck } from '../../helpers/git-library.ts';
import { git } from '../../helpers/git-repo.ts';
import { shelfRig, type ShelfRig } from './edit-rig.helper.ts';

let rig: ShelfRig;
/** Versions by their message. */
const made: Record<string, string> = {};

beforeAll(() => {
  rig = shelfRig();
  const take = (message: string, files: Parameters<ShelfRig['take']>[0]) => {
    made[message] = rig.take(files, message);
  };
  take('first', {
    'a.md': 'one\ntwo\nthree\n',
    'prompts/p.prompt.md': '---\nname: P\n---\nText.\n',
    'skills/s/SKILL.md': '---\nname: s\n---\nSteps.\n',
    'skills/s/ref.md': '1',
    'knowledge/k/pic.png': Buffer.from([0, 1, 2]),
  });
  take('edits a', { 'a.md': 'one\n2\nthree\n' });
  take('edits the skill', { 'skills/s/ref.md': '2' });
  take('removes the prompt', { 'prompts/p.prompt.md': null });
  take('brings it back', { 'prompts/p.prompt.md': '---\nname: P2\n---\nText.\n' });
  // A branch of somebody else, merged: its own commits are no first parents.
  git(rig.team.work, 'checkout', '-q', '-b', 'side', made['first'] ?? '');
  made['on the side'] = rig.team.commit({ 'side.md': 's' }, 'on the side');
  git(rig.team.work, 'checkout', '-q', 'main');
  git(rig.team.work, 'merge', '-q', '--no-ff', '-m', 'merges', 'side');
  rig.team.push();
  take('edits a again', { 'a.md': 'one\r\n2\r\nthree\r\n' });
  made['merges'] = git(rig.team.work, 'rev-parse', 'HEAD~1');
});
afterAll(() => {
  fsck(rig.dirs);
  rig.close();
});

const version = (message: string) => made[message] ?? message;
const messages = async (path: string | null, limit = 50) =>
  (await log({ dirs: rig.dirs, limit, path })).map(({ message }) => message);
const show1 = async (id: string) => {
  const { changed, version: shown } = await show({ dirs: rig.dirs, version: id });
  return [shown.message, ...changed.map(({ change, path }) => `${change} ${path}`)];
};
const compare = async (path: string, from: string | null = null, to: string | null = null) =>
  diff({
    dirs: rig.dirs,
    path,
    from: from === null ? null : version(from),
    to: to === null ? null : version(to),
  });
const lines = ({ hunks }: Awaited<ReturnType<typeof compare>>) =>
  hunks.flatMap((hunk) => hunk.lines.map(({ op, text }) => `${op[0] ?? ''} ${text}`));

describe('log', () => {
  test('first parents, newest first, at most so many', async () => {
    expect(await messages(null)).toEqual([
      'edits a again',
      'merges',
      'brings it back',
      'removes the prompt',
      'edits the skill',
      'edits a',
      'first',
    ]);
    expect(await messages(null, 2)).toEqual(['edits a again', 'merges']);
    const [newest] = await log({ dirs: rig.dirs, limit: 1, path: null });
    expect(newest).toMatchObject({
      version: version('edits a again'),
      author: 'Ada',
      state: 'published',
    });
    expect(newest?.at).toBeGreaterThan(1_500_000_000_000);
  });

  test('of one path: what changed it; a skill as a folder; a merge that brought it', async () => {
    expect(await messages('a.md')).toEqual(['edits a again', 'edits a', 'first']);
    expect(await messages('skills/s/SKILL.md')).toEqual(['edits the skill', 'first']);
    expect(await messages('prompts/p.prompt.md')).toEqual([
      'brings it back',
      'removes the prompt',
      'first',
    ]);
    expect(await messages('side.md')).toEqual(['merges']);
    expect(await messages('none.md')).toEqual([]);
    expect(await messages('a.md', 1)).toEqual(['edits a again']);
    for (const path of ['../a.md', '/a.md', 'a\\b', 'a\0', '']) {
      await expect(messages(path)).rejects.toMatchObject({ code: 'library/bad-path' });
    }
  });

  test('what was committed here and not sent is queued', async () => {
    rig.record({ queued: { versions: 2, paths: ['a.md'] } });
    const states = (await log({ dirs: rig.dirs, limit: 3, path: null })).map(({ state }) => state);
    expect(states).toEqual(['queued', 'queued', 'published']);
    const shown = await show({ dirs: rig.dirs, version: version('edits a again') });
    expect(shown.version.state).toBe('queued');
    rig.record({ queued: { versions: 0, paths: [] } });
  });

  test('ends when it is cancelled', async () => {
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(log({ dirs: rig.dirs, limit: 5, path: null }, aborted)).rejects.toThrow('enough');
  });
});

describe('one version', () => {
  test('says what it changed', async () => {
    expect(await show1(version('edits the skill'))).toEqual([
      'edits the skill',
      'modified skills/s/ref.md',
    ]);
    expect(await show1(version('removes the prompt'))).toEqual([
      'removes the prompt',
      'deleted prompts/p.prompt.md',
    ]);
    expect(await show1(version('merges'))).toEqual(['merges', 'added side.md']);
    expect(await show1(version('on the side'))).toEqual(['on the side', 'added side.md']);
    expect((await show1(version('first'))).length).toBe(6);
  });

  test('gives a file as it was', async () => {
    const get = async (message: string, path: string) =>
      at({ dirs: rig.dirs, version: version(message), path });
    expect(await get('first', 'prompts/p.prompt.md')).toMatchObject({
      name: 'P',
      body: 'Text.\n',
      source: '---\nname: P\n---\nText.\n',
      size: 22,
    });
    expect(await get('first', 'knowledge/k/pic.png')).toMatchObject({ source: null, size: 3 });
    for (const path of ['prompts/p.prompt.md', 'prompts', 'none.md']) {
      await expect(get('removes the prompt', path)).rejects.toMatchObject({
        code: 'library/unknown-item',
      });
    }
    await expect(get('first', '../a.md')).rejects.toMatchObject({ code: 'library/bad-path' });
  });

  test('that was not accepted is not shown, though it is in the store', async () => {
    const tree = git(rig.dirs.library, 'rev-parse', `${version('first')}^{tree}`);
    const refused = git(
      rig.dirs.library,
      'commit-tree',
      tree,
      '-p',
      version('edits a again'),
      '-m',
      'refused',
    );
    const blob = git(rig.dirs.library, 'rev-parse', `${version('first')}:a.md`);
    for (const id of [refused, blob, tree, 'f'.repeat(40)]) {
      const unknown = { code: 'library/unknown-version' };
      await expect(show1(id)).rejects.toMatchObject(unknown);
      await expect(at({ dirs: rig.dirs, version: id, path: 'a.md' })).rejects.toMatchObject(
        unknown,
      );
      await expect(compare('a.md', id)).rejects.toMatchObject(unknown);
      await expect(compare('a.md', null, id)).rejects.toMatchObject(unknown);
    }
    rig.note({ available: { version: refused, changed: [], versions: [] } });
    expect((await show1(refused))[0]).toBe('refused');
    rig.note({});
  });
});

describe('diff', () => {
  test('of the file here against what it was edited from', async () => {
    expect(await compare('a.md')).toMatchObject({
      change: 'same',
      kind: 'text',
      hunks: [],
      oldSize: 15,
      newSize: 15,
    });
    rig.put('prompts/p.prompt.md', '---\nname: P2\n---\nMine.\n');
    const changed = await compare('prompts/p.prompt.md');
    expect(changed).toMatchObject({ change: 'modified', kind: 'text', lineEnds: false });
    expect(lines(changed)).toEqual(['s ---', 's name: P2', 's ---', 'r Text.', 'a Mine.']);
    rig.put('new.md', 'new\n');
    expect(await compare('new.md')).toMatchObject({ change: 'added', oldSize: 0, newSize: 4 });
    rmSync(join(rig.dirs.files, 'skills/s/ref.md'));
    expect(await compare('skills/s/ref.md')).toMatchObject({
      change: 'deleted',
      oldSize: 1,
      newSize: 0,
    });
    rig.put('knowledge/k/pic.png', Buffer.from([0, 9]));
    expect(await compare('knowledge/k/pic.png')).toMatchObject({
      change: 'modified',
      kind: 'binary',
    });
    rig.put('huge.md', Buffer.alloc(10 * 1024 * 1024 + 1, 65));
    expect(await compare('huge.md')).toMatchObject({
      kind: 'too-large',
      newSize: 10 * 1024 * 1024 + 1,
    });
  });

  test('of a conflict against its own base', async () => {
    const base = git(rig.dirs.library, 'rev-parse', `${version('first')}:a.md`);
    rig.record({ pending: new Map([['a.md', { base, theirs: null }]]) });
    expect(lines(await compare('a.md')).filter((line) => !line.startsWith('s'))).toContain('r two');
    rig.record({ pending: new Map([['a.md', { base: null, theirs: base }]]) });
    expect(await compare('a.md')).toMatchObject({ change: 'added' });
    rig.record({ pending: new Map() });
  });

  test('between versions, and of one version against the one before it', async () => {
    expect(lines(await compare('a.md', 'first', 'edits a'))).toEqual([
      's one',
      'r two',
      'a 2',
      's three',
    ]);
    expect(lines(await compare('a.md', null, 'edits a'))).toEqual([
      's one',
      'r two',
      'a 2',
      's three',
    ]);
    expect(await compare('a.md', 'edits a')).toMatchObject({ change: 'modified', lineEnds: true });
    expect(await compare('a.md', null, 'first')).toMatchObject({ change: 'added' });
    expect(await compare('prompts/p.prompt.md', null, 'removes the prompt')).toMatchObject({
      change: 'deleted',
    });
    await expect(compare('none.md')).rejects.toMatchObject({ code: 'library/unknown-item' });
    await expect(compare('../a.md')).rejects.toMatchObject({ code: 'library/bad-path' });
  });

  test('follows no link', async () => {
    rig.put('../outside.md', 'secret');
    symlinkSync(join(rig.dirs.files, '../outside.md'), join(rig.dirs.files, 'link.md'));
    symlinkSync(join(rig.dirs.files, '..'), join(rig.dirs.files, 'linked'));
    for (const path of ['link.md', 'linked/outside.md']) {
      await expect(compare(path)).rejects.toMatchObject({ code: 'library/unknown-item' });
    }
  });
});
