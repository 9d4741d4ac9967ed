import { afterAll, beforeAll, expect, test } from 'vitest';
import { diffCommits, diffTrees } from '../../../src-main/core/library/git/diff-trees.ts';
import { ObjectStore } from '../../../src-main/core/library/git/object-store.ts';
import { blobAt } from '../../../src-main/core/library/git/tree-path.ts';
import { git, TeamRepo, tempDir } from '../../helpers/git-repo.ts';

let temp: ReturnType<typeof tempDir>;
let team: TeamRepo;
let store: ObjectStore;

beforeAll(async () => {
  temp = tempDir();
  team = new TeamRepo(temp.path);
  store = await ObjectStore.open(team.bare);
});
afterAll(() => temp.remove());

const short = (changes: readonly { path: string; change: string }[]) =>
  changes.map(({ path, change }) => `${change} ${path}`);

test('tells what two versions differ in, as git does', async () => {
  const first = team.commit({
    'a.md': '1',
    'b/c.md': '1',
    'b/d.md': '1',
    swap: 'file',
    'e/f': 'x',
  });
  const second = team.commit({
    'a.md': '2',
    'b/d.md': null,
    'b/n/new.md': '1',
    swap: null,
    e: null,
  });
  const third = team.commit({ 'swap/inside': 'folder', e: 'a file now' });
  for (const [from, to] of [
    [first, second],
    [second, third],
    [first, third],
    [third, first],
  ] as const) {
    const native = git(team.work, 'diff', '--no-renames', '--name-status', '-z', from, to)
      .split('\0')
      .filter((part) => part !== '');
    const words: Record<string, string> = { A: 'added', M: 'modified', D: 'deleted' };
    const expected = native.flatMap((part, n) =>
      n % 2 === 0 ? [`${words[part] ?? part} ${native[n + 1] ?? ''}`] : [],
    );
    store.forget();
    expect(short(await diffCommits(store, from, to)).toSorted()).toEqual(expected.toSorted());
  }
  expect(short(await diffCommits(store, null, first))).toEqual([
    'added a.md',
    'added b/c.md',
    'added b/d.md',
    'added e/f',
    'added swap',
  ]);
  const { tree } = await store.commit(second);
  expect(await diffTrees(store, tree, tree)).toEqual([]);
  expect(await blobAt(store, tree, 'b/n/new.md')).toBe(
    git(team.work, 'rev-parse', `${second}:b/n/new.md`),
  );
  for (const path of ['b/n', 'b/none', 'a.md/x', '', '../a.md']) {
    expect(await blobAt(store, tree, path)).toBeNull();
  }
});

test('links, submodules and the right to run are no change; escaped names are told', async () => {
  const blob = team.blob('x');
  const head = team.commit({ 'run.sh': 'x' });
  const entries = [
    { mode: '100755', name: 'run.sh', oid: blob },
    { mode: '120000', name: 'link', oid: blob },
    { mode: '160000', name: 'module', oid: head },
    { mode: '100644', name: Buffer.from([0x66, 0xff]), oid: blob },
  ];
  const odd = team.commitTree(
    entries.toSorted((a, b) => (String(a.name) < String(b.name) ? -1 : 1)),
  );
  store.forget();
  const changes = short(await diffCommits(store, head, odd));
  expect(changes).toContain('added fÿ');
  expect(changes.filter((line) => /run\.sh|link|module/.test(line))).toEqual([]);
  expect(changes.every((line) => line.startsWith('deleted') || line === 'added fÿ')).toBe(true);
});

test('equal folders are not read; a name twice and endless folders are refused', async () => {
  const big = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`big/${n}/x.md`, `${n}`]));
  const one = team.commit({ ...big, 'small.md': '1' });
  const two = team.commit({ 'small.md': '2' });
  store.forget();
  const read: string[] = [];
  const watched = {
    commit: async (oid: string) => store.commit(oid),
    tree: async (oid: string) => {
      read.push(oid);
      return store.tree(oid);
    },
  };
  expect(short(await diffCommits(watched, one, two))).toEqual(['modified small.md']);
  expect(read).toHaveLength(2);

  const blob = team.blob('x');
  const twice = team.commitTree([
    { mode: '100644', name: 'a', oid: blob },
    { mode: '100644', name: 'a', oid: blob },
  ]);
  store.forget();
  await expect(diffCommits(store, null, twice)).rejects.toMatchObject({ code: 'library/bad-pack' });
  await expect(diffTrees(store, null, 'f'.repeat(40))).rejects.toMatchObject({
    code: 'library/incomplete',
  });
  let deep = git(team.work, 'rev-parse', `${one}:big/0`);
  for (let n = 0; n < 40; n += 1) {
    deep = git(
      team.work,
      'rev-parse',
      team.commitTree([{ mode: '40000', name: 'd', oid: deep }]) + '^{tree}',
    );
  }
  store.forget();
  await expect(diffTrees(store, null, deep)).rejects.toMatchObject({ code: 'library/too-large' });
});
