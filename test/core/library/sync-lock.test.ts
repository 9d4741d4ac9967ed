import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LibraryClient } from '../../helpers/library-rig-client.ts';
import { LibraryRig } from '../../helpers/library-rig.ts';

let rig: LibraryRig;
let ada: LibraryClient;
let child: ChildProcess | null = null;

beforeEach(async () => {
  rig = await LibraryRig.connected({ 'README.md': 'first' }, ['ada']);
  ada = rig.client(0);
});
afterEach(() => {
  child?.kill('SIGKILL');
  child = null;
  try {
    rig.account();
  } finally {
    rig.close();
  }
});

test('a second process is refused; the lock of a dead one is taken over', async () => {
  const id = rig.push({ 'README.md': 'second' });
  child = fork(join(import.meta.dirname, 'sync-lock.child.helper.ts'), [ada.dirs.journal]);
  const dead = once(child, 'exit');
  await once(child, 'message');
  ada.put('own.md', 'of ada');
  const refused = { code: 'library/locked', data: { pid: child.pid } };
  await expect(ada.update()).rejects.toMatchObject(refused);
  await expect(ada.publish()).rejects.toMatchObject(refused);
  await expect(ada.rollback(id)).rejects.toMatchObject(refused);
  await expect(ada.discard('own.md')).rejects.toMatchObject(refused);
  await expect(ada.resolve('own.md', { kind: 'mine' })).rejects.toMatchObject(refused);
  expect(ada.read('README.md')).toBe('first');
  expect(rig.tip()).toBe(id);

  child.kill('SIGKILL');
  await dead;
  expect((await ada.update()).summary.version).toBe(id);
  expect(ada.read('README.md')).toBe('second');
});

test('a lock that says nothing, or names a process that never was, holds nobody up', async () => {
  for (const text of ['', '{', '{"pid":0}', '{"pid":4194304,"start":{"kind":"none"}}']) {
    writeFileSync(join(ada.dirs.journal, 'library.lock'), text);
    expect((await ada.update()).summary.state).toBe('unchanged');
  }
});

test('two jobs of two clients don’t hold each other up', async () => {
  const other = await LibraryRig.connected({ 'README.md': 'other' }, ['ben']);
  try {
    await Promise.all([ada.update(), other.client(0).update()]);
  } finally {
    other.close();
  }
});
