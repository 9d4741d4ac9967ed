import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LibraryClient } from '../../helpers/library-rig-client.ts';
import { LibraryRig } from '../../helpers/library-rig.ts';
import { library, TEXT } from './sync-library.helper.ts';

let rig: LibraryRig;
let ada: LibraryClient;

beforeEach(async () => {
  rig = await LibraryRig.connected(library, ['ada']);
  ada = rig.client(0);
});
afterEach(() => rig.close());

test('bytes that vanish while Carrel works are a loss', async () => {
  ada.put('own.md', 'of ada');
  ada.hooks.report = () => rmSync(ada.at('own.md'), { force: true });
  await expect(ada.update()).rejects.toThrow(
    /1 byte versions lost by ada:\n\w{40} ada:own.md "of ada"/,
  );
});

test('bytes that vanish between the jobs are a loss at the end', async () => {
  ada.put('own.md', 'of ada');
  await ada.update();
  rmSync(ada.at('own.md'));
  expect(() => rig.account()).toThrow('found nowhere');
});

test('a trash that is emptied is a loss', async () => {
  ada.put(TEXT, 'of ada');
  await ada.discard(TEXT);
  rig.account();
  rmSync(ada.dirs.trash, { recursive: true });
  expect(() => rig.account()).toThrow('found nowhere');
});

test('a damaged object is found', async () => {
  ada.put(TEXT, 'of ada');
  await ada.publish();
  rig.account();
  const [oid = ''] = rig.versions();
  rmSync(`${ada.dirs.library}/objects/${oid.slice(0, 2)}/${oid.slice(2)}`);
  expect(() => rig.account()).toThrow(/fsck/);
});

test('what its author overwrites or deletes is given up, but only while it is nowhere else', async () => {
  await ada.update();
  const before = rig.account();
  ada.put('own.md', 'first');
  await ada.update();
  ada.put('own.md', 'second');
  await ada.publish();
  ada.put('own.md', 'third');
  const { versions, forgone, inHistory, onDisk } = rig.account();
  expect({ forgone, new: versions - before.versions }).toEqual({ forgone: 1, new: 1 });
  expect(inHistory + onDisk).toBe(versions);
});
