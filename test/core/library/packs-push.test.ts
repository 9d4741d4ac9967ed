import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ObjectStore } from '../../../src-main/core/library/git/object-store.ts';
import { pushTip, type Pushed } from '../../../src-main/core/library/git/push-tip.ts';
import { access, fsckRepo, GitClient } from '../../helpers/git-client.ts';
import { startGitHttp, type GitHttpServer } from '../../helpers/git-http-server.ts';
import { git, TeamRepo, tempDir } from '../../helpers/git-repo.ts';

let temp: ReturnType<typeof tempDir>;
let team: TeamRepo;
/** A work tree in which native git makes the versions that are pushed from its git directory. */
let work: string;
let server: GitHttpServer;
let sent: number;
let beforeAnswer: (() => void) | null;

beforeEach(async () => {
  temp = tempDir();
  team = new TeamRepo(temp.path);
  git(team.bare, 'config', 'http.receivepack', 'true');
  work = join(temp.path, 'mine');
  git(temp.path, 'init', '-q', '--initial-branch=main', work);
  beforeAnswer = null;
  server = await startGitHttp(temp.path, {
    meddle: ({ method, url, headers }) => {
      if (method === 'POST' && url?.endsWith('receive-pack')) {
        sent = Number(headers['content-length']);
        beforeAnswer?.();
      }
      return false;
    },
  });
});
afterEach(async () => {
  await server.close();
  fsckRepo(team.bare);
  fsckRepo(join(work, '.git'));
  temp.remove();
});

function commit(files: Readonly<Record<string, string | null>>): string {
  for (const [path, content] of Object.entries(files)) {
    const at = join(work, path);
    if (content === null) rmSync(at, { recursive: true });
    else {
      mkdirSync(join(at, '..'), { recursive: true });
      writeFileSync(at, content);
    }
  }
  git(work, 'add', '-A');
  git(work, 'commit', '-q', '--allow-empty', '-m', 'Mine');
  return git(work, 'rev-parse', 'HEAD');
}

async function push(tip: string, url = server.url('team.git')): Promise<Pushed> {
  const store = await ObjectStore.open(join(work, '.git'));
  return GitClient.over(url, access(), (transport) =>
    pushTip(store, transport, { tip, branch: 'main' }),
  );
}

function remote(): string {
  return git(team.bare, 'rev-parse', 'main');
}

describe.each(['http', 'a path', 'a path without git'])('over %s', (kind) => {
  const path = process.env['PATH'];
  const url = (): string => (kind === 'http' ? server.url('team.git') : team.bare);
  const pushed = async (tip: string): Promise<Pushed> => {
    if (kind === 'a path without git') process.env['PATH'] = join(temp.path, 'nothing-here');
    try {
      return await push(tip, url());
    } finally {
      process.env['PATH'] = path;
    }
  };

  test('the first version, many versions at once, and every kind of change', async () => {
    const first = commit({ 'a.md': 'one', 'd/e/f.md': 'deep', g: 'a file' });
    expect(await pushed(first)).toEqual({ kind: 'taken' });
    expect(remote()).toBe(first);
    commit({ 'a.md': 'two', 'd/e/f.md': null, 'd/new.md': 'new' });
    commit({ g: null, 'g/was-a-file.md': 'now in a folder' });
    commit({});
    git(work, 'mv', 'd', 'moved');
    git(work, 'update-index', '--chmod=+x', 'a.md');
    const last = commit({ g: null });
    const again = commit({ g: 'a file' });
    expect(last).not.toBe(again);
    expect(await pushed(again)).toEqual({ kind: 'taken' });
    expect(remote()).toBe(again);
    expect(await pushed(again)).toEqual({ kind: 'taken' });
    const empty = commit({ 'a.md': null, moved: null, g: null });
    expect(await pushed(empty)).toEqual({ kind: 'taken' });
    expect(remote()).toBe(empty);
  });

  test('a merge of two lines', async () => {
    const base = commit({ 'a.md': 'one' });
    await pushed(base);
    const mine = commit({ 'b.md': 'mine' });
    git(work, 'checkout', '-q', '-b', 'side', base);
    commit({ 'c.md': 'side' });
    git(work, 'merge', '-q', '--no-edit', mine);
    const merged = git(work, 'rev-parse', 'HEAD');
    expect(await pushed(merged)).toEqual({ kind: 'taken' });
    expect(remote()).toBe(merged);
  });

  test('a branch that is elsewhere stays there', async () => {
    await pushed(commit({ 'a.md': 'one' }));
    git(team.work, 'pull', '-q', 'origin', 'main');
    const theirs = team.commit({ 'b.md': 'theirs' });
    expect(await pushed(commit({ 'c.md': 'mine' }))).toEqual({ kind: 'raced' });
    expect(remote()).toBe(theirs);
    git(work, 'fetch', '-q', team.bare, 'main');
    expect(await pushed(git(work, 'rev-parse', 'HEAD'))).toEqual({ kind: 'raced' });
    expect(remote()).toBe(theirs);
  });
});

test('one file of many costs its own size, and its folders', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 400 }, (_, n) => [`d${n % 20}/${n}.md`, `file ${n}`.repeat(20)]),
  );
  await push(commit(files));
  await push(commit({ 'd3/3.md': 'changed' }));
  expect(sent).toBeLessThan(3_000);
});

test('who comes second between question and answer is refused by the server', async () => {
  await push(commit({ 'a.md': 'one' }));
  git(team.work, 'pull', '-q', 'origin', 'main');
  let theirs = '';
  beforeAnswer = () => {
    beforeAnswer = null;
    theirs = team.commit({ 'b.md': 'theirs' });
  };
  const pushed = await push(commit({ 'c.md': 'mine' }));
  expect(pushed.kind).toBe('refused');
  expect(remote()).toBe(theirs);
});

test('a hook’s refusal comes with its reason', async () => {
  const first = commit({ 'a.md': 'one' });
  await push(first);
  const hook = join(team.bare, 'hooks', 'pre-receive');
  mkdirSync(join(hook, '..'), { recursive: true });
  writeFileSync(hook, '#!/bin/sh\necho "not on a Friday" >&2\nexit 1\n', { mode: 0o755 });
  expect(await push(commit({ 'b.md': 'two' }))).toEqual({
    kind: 'refused',
    reason: 'pre-receive hook declined',
    said: 'not on a Friday',
  });
  expect(remote()).toBe(first);
});

test.each([
  ['nothing', ''],
  ['half a line', '00'],
  ['no report', '0000'],
  ['another ref’s report', '000eunpack ok\n0019ok refs/heads/other\n0000'],
])('an answer of %s is not taken for a yes', async (_what, text) => {
  const first = commit({ 'a.md': 'one' });
  await push(first);
  const tip = commit({ 'b.md': 'two' });
  const refs = `${first} refs/heads/main\0report-status\n`;
  const size = (refs.length + 4).toString(16).padStart(4, '0');
  const plain: Server = createServer((request, response) => {
    const service = 'git-receive-pack';
    request.resume();
    if (request.method === 'GET') {
      response.setHeader('content-type', `application/x-${service}-advertisement`);
      response.end(`001f# service=${service}\n0000${size}${refs}0000`);
    } else {
      response.setHeader('content-type', `application/x-${service}-result`);
      response.end(text);
    }
  });
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = plain.address() as AddressInfo;
    expect(await push(tip, `http://127.0.0.1:${port}/team.git`)).toMatchObject({ kind: 'unclear' });
  } finally {
    plain.closeAllConnections();
    plain.close();
  }
});
