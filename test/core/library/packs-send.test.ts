import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startGitHttp, type GitHttpServer } from '../../helpers/git-http-server.ts';
import { git } from '../../helpers/git-repo.ts';
import type { LibraryClient } from '../../helpers/library-rig-client.ts';
import { LibraryRig } from '../../helpers/library-rig.ts';
import { library } from './sync-library.helper.ts';

let rig: LibraryRig;
let ada: LibraryClient;
let server: GitHttpServer;

beforeEach(async () => {
  rig = LibraryRig.empty(['ada']);
  server = await startGitHttp(rig.root);
  rig.team.commit(library, 'First version');
  git(rig.team.bare, 'config', 'http.receivepack', 'true');
  ada = rig.client(0);
  await ada.connect(server.url('team.git'));
});
afterEach(async () => {
  await server.close();
  try {
    rig.account();
  } finally {
    rig.close();
  }
});

function objects(): number {
  const list = git(rig.team.bare, 'cat-file', '--batch-all-objects', '--batch-check=%(objectname)');
  return list.split('\n').length;
}

test('one edit at the root brings a commit, a tree and a blob, and names the new tip here', async () => {
  const before = objects();
  ada.put('README.md', 'of ada');
  expect(await ada.publish()).toMatchObject({ state: 'published' });
  expect(objects() - before).toBe(3);
  expect(git(ada.dirs.library, '--git-dir=.', 'rev-parse', 'refs/remotes/origin/main')).toBe(
    rig.tip(),
  );
});

test('a refusal by a hook is told as one, sent once, and the version waits', async () => {
  const hook = join(rig.team.bare, 'hooks', 'pre-receive');
  writeFileSync(hook, '#!/bin/sh\necho "Ask the editors first." >&2\nexit 1\n');
  chmodSync(hook, 0o755);
  const tip = rig.tip();
  ada.put('README.md', 'of ada');
  const { state, waitsFor } = await ada.publish();
  expect(state).toBe('queued');
  expect(waitsFor).toMatchObject({
    code: 'library/push-refused',
    message: expect.stringContaining('pre-receive hook declined (Ask the editors first.)'),
    data: { reason: 'pre-receive hook declined' },
  });
  const sent = server.requests.filter(({ path }) => path.endsWith('/git-receive-pack'));
  expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(1);
  expect(rig.tip()).toBe(tip);
});
